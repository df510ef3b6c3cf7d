// Checks who may know whom. In native/: sampling <- backends <- engine <- addon. In lib/: the rooms below, from top to bottom; a folder
// imports only folders below it. Lists every breach as file:line, every file that has no room and every cycle, and exits 1.
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

/** The rooms of lib/, from top to bottom: folders, and the files beside them. CONTRIBUTING.md says what each knows. */
const rooms = [
  ...["cli/", "index.ts", "io.ts", "testing.ts"],
  ...[
    "review/",
    "replay/",
    "arena/",
    "rounds/",
    "report/",
    "queue/",
    "export/",
    "store/",
    "attributes/",
    "run/",
    "evaluate/",
    "label-check/",
    "filters/",
    "prompt/",
    "engine/",
    "hub/",
    "vector-cache/",
  ],
  ...[
    "task/",
    "methods/",
    "students/",
    "retrieve/",
    "near/",
    "files/",
    "checks/",
    "text/",
    "numbers/",
    "instance.ts",
    "random.ts",
    "errors.ts",
  ],
].map((name) => `lib/${name}`);
const mostAtRoot = 6;

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
const targetOf = ({ file, name }) =>
  name.startsWith(".") ? posix.join(posix.dirname(file), name).replace(/\.js$/, ".ts") : name;

/** Number of the room that holds a file of lib/, from the top; -1 where none does. */
const roomOf = (file) => rooms.findIndex((room) => file === room || (room.endsWith("/") && file.startsWith(room)));

/** What the package exports, and what messages are made of: all that the command line may know beside its own files. */
const isPublic = (target) => /^lib\/(\w+|\w+\/index)\.ts$/.test(target) || target.startsWith("lib/checks/");

/** Why a file may not import a module, or undefined where it may. */
function importBreach(found) {
  const target = targetOf(found);
  if (!target.startsWith("lib/")) return undefined;
  const [from, to] = [roomOf(found.file), roomOf(target)];
  if (from === to) return undefined;
  if (from > to) return `${rooms[from]} imports only what is below it, not ${rooms[to]}`;
  return rooms[from] !== "lib/cli/" || isPublic(target) ? undefined : "the command line knows what the package exports";
}

/** One cycle of a graph, given as a file's neighbours, or undefined. */
function cycleOf(files, neighboursOf) {
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of neighboursOf(file)) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Files that a file of native/ includes in quotes. */
const includedBy = (file) =>
  includes
    .filter((found) => found.file === file)
    .map(({ name }) =>
      [`native/${name}`, posix.join(posix.dirname(file), name)].find((path) => nativeFiles.includes(path)),
    )
    .filter((path) => path !== undefined);

/** Files of lib/ that one imports. */
const importedBy = (file) =>
  imports
    .filter((found) => found.file === file)
    .map(targetOf)
    .filter((path) => tsFiles.includes(path));

const breaches = [
  ...includes.map((found) => [found, includeBreach(found)]),
  ...imports.map((found) => [found, importBreach(found)]),
  ...loads.map((found) => [
    found,
    found.file === "lib/engine/addon.ts" ? undefined : "only lib/engine/addon.ts loads the native binary",
  ]),
  ...eager.map((found) => [found, "only lib/queue/packages.ts loads what may not be installed, and with import()"]),
]
  .filter(([, why]) => why !== undefined)
  .map(([{ file, line, name }, why]) => `${file}:${line}: "${name}": ${why}`);
for (const cycle of [cycleOf(nativeFiles, includedBy), cycleOf(tsFiles, importedBy)]) {
  if (cycle) breaches.push(`${cycle[0]}: a cycle: ${cycle.join(" -> ")}`);
}
for (const file of tsFiles)
  if (roomOf(file) < 0) breaches.push(`${file}: stands in no room: name its folder in scripts/check-layers.mjs`);
const atRoot = tsFiles.filter((file) => file.split("/").length === 2);
if (atRoot.length > mostAtRoot)
  breaches.push(`lib/: ${atRoot.length} files stand beside the folders, at most ${mostAtRoot} may`);

for (const breach of breaches) console.error(breach);
console.log(`${includes.length} includes, ${imports.length} imports: ${breaches.length} breaches of the layers`);
process.exit(breaches.length === 0 ? 0 : 1);
