// Lays out packages as they are published, in folders of their own, and packs them.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { skill } from "../docs/llms.mjs";
import { notices } from "./notices.mjs";
import { gpuPackages, platforms } from "./platforms.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** A tarball and what is in it: { name, path, bytes, files, scripts }. */
function pack(folder, out) {
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 };
  const [packed] = JSON.parse(
    execFileSync(npm, ["pack", "--json", "--ignore-scripts", "--pack-destination", out], options),
  );
  const files = packed.files.map(({ path }) => path).sort();
  return {
    name: packed.name,
    path: join(out, packed.filename.replace("@", "").replace("/", "-")),
    bytes: packed.size,
    files,
    scripts: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts ?? {},
  };
}

function fresh(out, name) {
  const folder = join(out, "stage", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

const write = (folder, name, text) => writeFileSync(join(folder, name), text);
const asJson = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Fields that all packages have in common. `repository`: owner/name on GitHub, which provenance is checked against. */
function common(repository) {
  const { version, license, engines } = manifest;
  const url = repository && { repository: { type: "git", url: `git+https://github.com/${repository}.git` } };
  return { version, license, engines, ...url };
}

/** The package that users name: JavaScript, source for a compile, the demo teacher; its addon comes with a platform package. */
export async function packMain(out, { repository } = {}) {
  const folder = fresh(out, "corrsynth");
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 };
  const [{ files }] = JSON.parse(execFileSync(npm, ["pack", "--dry-run", "--json", "--ignore-scripts"], options));
  for (const { path } of files) {
    if (!path.startsWith("prebuilds/")) cpSync(join(root, path), join(folder, path));
  }
  const { devDependencies: _, overrides: __, scripts: ___, ...published } = manifest; // of no use to who installs it
  const { version } = manifest;
  const optionalDependencies = Object.fromEntries(
    Object.keys(platforms).map((name) => [`@corrsynth/${name}`, version]),
  );
  const listed = { files: [...manifest.files, "THIRD-PARTY-NOTICES.txt", "SKILL.md"] };
  write(folder, "package.json", asJson({ ...published, ...common(repository), ...listed, optionalDependencies }));
  write(folder, "THIRD-PARTY-NOTICES.txt", notices());
  write(folder, "SKILL.md", await skill(join(root, "docs"), join(root, "dist")));
  return pack(folder, out);
}

/** The addon of one platform, from prebuilds/NAME. */
export function packPlatform(name, out, { repository, prebuilds = join(root, "prebuilds") } = {}) {
  const from = join(prebuilds, name);
  if (!existsSync(from)) throw new Error(`Expected ${from}: npm run prebuilds makes it on a machine of that platform`);
  const folder = fresh(out, name);
  const { os, cpu } = platforms[name];
  cpSync(from, join(folder, "prebuilds", `${os}-${cpu}`), { recursive: true }); // node-gyp-build knows no other names
  return packBinaries(folder, out, {
    name,
    what: `The native addon of corrsynth for ${name}`,
    files: ["prebuilds"],
    platform: name,
    repository,
  });
}

/** A GPU's backend and, for CUDA, the library that draws on the device, from `from`. */
export function packGpu(name, from, out, { repository } = {}) {
  const { platform, library, sampler } = gpuPackages[name];
  const folder = fresh(out, name);
  const files = [library, sampler].filter(Boolean);
  for (const file of files) {
    if (!existsSync(join(from, file)))
      throw new Error(`Expected ${file} in ${from}, found ${readdirSync(from).join(", ")}`);
    cpSync(join(from, file), join(folder, basename(file)));
  }
  return packBinaries(folder, out, { name, what: `GPU backend of corrsynth for ${name}`, files, platform, repository });
}

function packBinaries(folder, out, { name, what, files, platform, repository }) {
  const { os, cpu, libc } = platforms[platform];
  const fits = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
  const title = `@corrsynth/${name}`;
  const listed = [...files, "THIRD-PARTY-NOTICES.txt"];
  write(
    folder,
    "package.json",
    asJson({ name: title, description: what, ...common(repository), ...fits, preferUnplugged: true, files: listed }),
  );
  write(
    folder,
    "README.md",
    `# ${title}\n\n${what}, of the same version. See [corrsynth](https://www.npmjs.com/package/corrsynth).\n`,
  );
  write(folder, "THIRD-PARTY-NOTICES.txt", notices());
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  return pack(folder, out);
}
