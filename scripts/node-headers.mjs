// The headers that the addon is compiled against: Node-API in C and its C++ wrapper. A checkout has them from two development
// packages; a published package carries the few files themselves, so that who installs it gets no build tools with it.
// `node scripts/node-headers.mjs` puts them at deps/node-api, for packing.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const carried = join(root, "deps/node-api");
const c = join(root, "node_modules/node-api-headers");
const cpp = join(root, "node_modules/node-addon-api");

/** Folders to include, and the list of functions that node.exe exports, which Windows links by. */
export function nodeHeaders() {
  if (existsSync(c) && existsSync(cpp)) return { include: [join(c, "include"), cpp], def: join(c, "def/node_api.def") };
  if (existsSync(carried)) return { include: [carried], def: join(carried, "node_api.def") };
  throw new Error(`Expected ${carried}, or node-api-headers and node-addon-api: npm ci`);
}

/** Name, version, source and licence of what is carried. */
export const headerPackages = () =>
  [
    ["node-api-headers", c, "LICENSE"],
    ["node-addon-api", cpp, "LICENSE.md"],
  ].map(([name, folder, licence]) => ({
    name,
    version: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version,
    source: `https://github.com/nodejs/${name}`,
    licence: readFileSync(join(folder, licence), "utf8").trim(),
  }));

export function carryNodeHeaders() {
  rmSync(carried, { recursive: true, force: true });
  mkdirSync(carried, { recursive: true });
  for (const name of ["js_native_api.h", "js_native_api_types.h", "node_api.h", "node_api_types.h"])
    cpSync(join(c, "include", name), join(carried, name));
  for (const name of ["napi.h", "napi-inl.h", "napi-inl.deprecated.h"]) cpSync(join(cpp, name), join(carried, name));
  cpSync(join(c, "def/node_api.def"), join(carried, "node_api.def"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) carryNodeHeaders();
