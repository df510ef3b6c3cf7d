// From a clean tree to tarballs that can be published. See --help.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ensureLlamaSource } from "../llama-source.mjs";
import { binaryProblems } from "./binaries.mjs";
import { checkPackages } from "./check.mjs";
import { pinProblems, readPin } from "./pin.mjs";
import { gpuPackages, platforms } from "./platforms.mjs";
import { sbom } from "./sbom.mjs";
import { packGpu, packMain, packPlatform, root } from "./stage.mjs";

const HELP = `Usage: node scripts/release/release.mjs [options]

Packs corrsynth, a package for each platform that prebuilds/ has, and a bill of materials. Checks what is in them.

  --out DIR             default .cmake/release; emptied first
  --dry-run             as it is: a tree with changes, platforms that are missing or need more than they promise, no entry for
                        the version in CHANGELOG.md, a llama.cpp that is too old or whose known holes nobody reviewed
  --repository OWNER/NAME   on GitHub, which npm checks provenance against
  --gpu NAME=DIR        also the package of a GPU (${Object.keys(gpuPackages).join(", ")}) from a folder with its libraries
  --help
`;
const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(root, ".cmake/release") },
    "dry-run": { type: "boolean", default: false },
    repository: { type: "string" },
    gpu: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const out = resolve(values.out);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();

/** What keeps this tree from being released; nothing of it matters to a dry run. */
function obstacles(available) {
  const found = [];
  if (git("status", "--porcelain") !== "") found.push("the tree has changes that are not committed");
  const entry = new RegExp(`^## ${version.replaceAll(".", "\\.")}( |$)`, "m");
  if (!entry.test(readFileSync(join(root, "CHANGELOG.md"), "utf8")))
    found.push(`CHANGELOG.md has no entry "## ${version}"`);
  const missing = Object.keys(platforms).filter((name) => !available.includes(name));
  if (missing.length > 0) found.push(`prebuilds/ lacks ${missing.join(", ")}`);
  found.push(...available.flatMap((name) => binaryProblems(name, join(root, "prebuilds", name))));
  return [...found, ...pinProblems({ ...readPin(), today: new Date().toISOString().slice(0, 10) })];
}

const available = Object.keys(platforms).filter((name) => {
  try {
    return readFileSync(join(root, "prebuilds", name, "corrsynth.node")).length > 0;
  } catch {
    return false;
  }
});
const found = obstacles(available);
for (const obstacle of found) console.error(`[release] ${values["dry-run"] ? "would refuse" : "refused"}: ${obstacle}`);
if (found.length > 0 && !values["dry-run"]) process.exit(1);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
ensureLlamaSource();
execFileSync(process.platform === "win32" ? "npm.cmd" : "npm", ["run", "--silent", "build:ts"], {
  cwd: root,
  stdio: "inherit",
});
const { repository } = values;
const packages = [
  await packMain(out, { repository }),
  ...available.map((name) => packPlatform(name, out, { repository })),
];
for (const given of values.gpu) {
  const [name, from] = given.split("=");
  packages.push(packGpu(name, resolve(from), out, { repository }));
}
writeFileSync(join(out, "sbom.cdx.json"), `${JSON.stringify(sbom(), null, 2)}\n`);
rmSync(join(out, "stage"), { recursive: true });
const problems = checkPackages(packages);
for (const { name, path, bytes, files } of packages) {
  console.log(`${name}@${version}: ${basename(path)}, ${(bytes / 1e6).toFixed(1)} MB, ${files.length} files`);
}
for (const problem of problems) console.error(`[release] ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
