// The documentation site: writes the generated pages to docs/reference/, has VitePress build .cmake/site, and checks what came out.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { siteProblems } from "./check-site.mjs";
import { cliReference } from "./cli-reference.mjs";
import { errorReference } from "./error-reference.mjs";
import { llmsText, pages, skill } from "./llms.mjs";
import { metricReference } from "./metric-reference.mjs";
import { taskReference } from "./task-reference.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const { values: options } = parseArgs({
  options: {
    dist: { type: "string", default: join(root, "dist") },
    "generate-only": { type: "boolean", default: false },
    dev: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(`Usage: node scripts/docs/build.mjs [--dist DIR] [--generate-only | --dev]

Builds the documentation site into .cmake/site. The package must be compiled (npm run build:ts).
  --dist DIR        the compiled package; default dist
  --generate-only   writes docs/reference/ and stops
  --dev             serves the site, and shows changes of docs/ as they are made
DOCS_BASE=/path/    where the site will be served; default /`);
  process.exit(0);
}

function run(name, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, "node_modules", name), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

const reference = join(root, "docs/reference");
rmSync(reference, { recursive: true, force: true });
for (const folder of ["parts", "pages"]) mkdirSync(join(reference, folder), { recursive: true });
copyFileSync(join(root, "CONTRIBUTING.md"), join(reference, "pages/contributing.md"));
copyFileSync(join(root, "CHANGELOG.md"), join(reference, "pages/changelog.md"));
copyFileSync(join(root, "scripts/experiment/README.md"), join(reference, "pages/experiment.md"));
writeFileSync(join(reference, "cli.md"), await cliReference(options.dist));
writeFileSync(join(reference, "parts/errors.md"), await errorReference(options.dist));
writeFileSync(join(reference, "parts/metrics.md"), await metricReference(options.dist));
writeFileSync(join(reference, "parts/task.md"), taskReference(options.dist));
run("typedoc/bin/typedoc", "--logLevel", "Warn");
if (options["generate-only"]) process.exit(0);

run("vitepress/bin/vitepress.js", options.dev ? "dev" : "build", "docs");
if (options.dev) process.exit(0);
const [docs, site, base] = [join(root, "docs"), join(root, ".cmake/site"), process.env.DOCS_BASE ?? "/"];
for (const { path, text } of pages(docs)) writeFileSync(join(site, path), text);
writeFileSync(join(site, "llms.txt"), llmsText(docs, base));
writeFileSync(join(site, "SKILL.md"), await skill(docs, options.dist));
const problems = siteProblems(site, base);
for (const problem of problems) console.error(problem);
console.log(`The site is in .cmake/site: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
