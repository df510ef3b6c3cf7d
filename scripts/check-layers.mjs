// Checks who may know whom: sampling <- backends <- engine <- addon in native/, the core <- evaluate, io <- report <- cli in lib/. Lists every
// breach as file:line and exits 1. (Import cycles in TypeScript are Biome's noImportCycles.)
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

if (process.argv.includes("--help")) {
  console.log("Usage: node scripts/check-layers.mjs [ROOT]\n\nChecks the layers of native/ and lib/ below ROOT.");
  process.exit(0);
}
const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), ".."));

/** Files below a folder whose names match, as paths from the root with forward slashes. */
function filesBelow(folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => `${folder}/${file.split(sep).join("/")}`)
    .filter((file) => pattern.test(file))
    .sort();
}

/** Text of a file with its comments blanked out, line breaks kept. Strings that hold "//" after a colon (URLs) survive. */
function codeOf(file) {
  const blank = (comment) => comment.replace(/[^\n]/g, " ");
  return readFileSync(join(root, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(?<![:"'])\/\/[^\n]*/g, blank);
}

/** Every match of a pattern in a file, as { file, line, name }: what the first group that took part captured. */
function mentions(file, pattern) {
  const text = codeOf(file);
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    line: text.slice(0, match.index + match[0].length).split("\n").length,
    name: match.slice(1).find((group) => group !== undefined),
  }));
}

const nativeFiles = filesBelow("native", /\.(cpp|h|cu|cuh)$/);
const includes = nativeFiles.flatMap((file) => mentions(file, /#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]/g));
const tsFiles = filesBelow("lib", /\.ts$/);
const imports = tsFiles.flatMap((file) =>
  mentions(file, /\bfrom\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g),
);
// it is loaded through createRequire, so any string that names it counts
const loads = tsFiles
  .filter((file) => !file.endsWith(".d.ts"))
  .flatMap((file) => mentions(file, /["'](node-gyp-build)["']/g));

// optional packages: whoever does not use the queue need not have them
const eager = tsFiles.flatMap((file) => mentions(file, /^import (?!type\b)[^;"']*["'](bullmq|ioredis)["']/gm));

const isStandardHeader = (name) => /^[a-z_]+$/.test(name);
const isNodeHeader = (name) => /^(napi|node|js_native_api|uv|v8)[\w-]*(\/|\.h$)/.test(name);
const isLlamaHeader = (name) => /(^|\/)(llama|ggml|gguf)[\w-]*\.h$/.test(name);

/** Why a file may not include a header, or undefined where it may. */
function includeBreach({ file, name }) {
  if (file.startsWith("native/sampling/") && !name.startsWith("sampling/") && !isStandardHeader(name)) {
    return `sampling is mathematics: it includes sampling/ and the standard library only`;
  }
  const aboveBackends = isNodeHeader(name) || /^(addon|engine)\//.test(name) || /^llama[\w-]*\.h$/.test(name);
  if (file.startsWith("native/backends/") && aboveBackends) return `a backend knows ggml and sampling, nothing above`;
  if (file.startsWith("native/engine/") && (isNodeHeader(name) || name.startsWith("addon/"))) {
    return `the engine does not know Node`;
  }
  if (file.startsWith("native/addon/") && isLlamaHeader(name)) {
    return `the addon reaches llama.cpp through engine/ only`;
  }
  return undefined;
}

/** Path from the root of what a relative import names. */
const targetOf = ({ file, name }) => (name.startsWith(".") ? posix.join(posix.dirname(file), name) : name);

/** Why a file may not import a module, or undefined where it may. */
function importBreach(found) {
  const { file } = found;
  const target = targetOf(found);
  if (target.startsWith("lib/cli/") && !file.startsWith("lib/cli/")) return `only the command line imports lib/cli`;
  const mayQueue = /^lib\/(cli|queue)\//.test(file);
  if (target.startsWith("lib/queue/") && !mayQueue) return `the queue is a client of the core, not a part of it`;
  const mayEvaluate = file === "lib/index.ts" || /^lib\/(cli|evaluate|report)\//.test(file);
  if (target.startsWith("lib/evaluate/") && !mayEvaluate) return `evaluation is a client of the core, not a part of it`;
  return undefined;
}

/** One cycle of #include "..." in native/ as a list of files, or undefined. */
function includeCycle() {
  const known = new Set(nativeFiles);
  const edges = new Map(nativeFiles.map((file) => [file, includes.filter((found) => found.file === file)]));
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { name } of edges.get(file)) {
      const next = [`native/${name}`, posix.join(posix.dirname(file), name)].find((candidate) => known.has(candidate));
      const cycle = next && visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of nativeFiles) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

const breaches = [
  ...includes.map((found) => [found, includeBreach(found)]),
  ...imports.map((found) => [found, importBreach(found)]),
  ...loads.map((found) => [
    found,
    found.file === "lib/addon.ts" ? undefined : "only lib/addon.ts loads the native binary",
  ]),
  ...eager.map((found) => [found, "only lib/queue/packages.ts loads what may not be installed, and with import()"]),
]
  .filter(([, why]) => why !== undefined)
  .map(([{ file, line, name }, why]) => `${file}:${line}: "${name}": ${why}`);
const cycle = includeCycle();
if (cycle) breaches.push(`${cycle[0]}: #include cycle: ${cycle.join(" -> ")}`);

for (const breach of breaches) console.error(breach);
console.log(`${includes.length} includes, ${imports.length} imports: ${breaches.length} breaches of the layers`);
process.exit(breaches.length === 0 ? 0 : 1);
