// Whether compiled libraries fit the platform that they are packed for, read from their bytes: on the machine that packs, none
// of the others can be run.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readElf } from "./elf.mjs";
import { readPe } from "./pe.mjs";
import { platforms } from "./platforms.mjs";

/** Highest version of each symbol set that AlmaLinux 8 has, on which packages for glibc are compiled. */
const newest = { GLIBC: "2.28", GLIBCXX: "3.4.25", CXXABI: "1.3.11", GCC: "8.0.0" };

/** What every machine of a kind has, beside what lies in the package itself. */
const systemLibraries = {
  glibc: /^(lib(c|m|dl|rt|gcc_s|stdc\+\+|pthread)\.so\.\d+|ld-linux-(x86-64|aarch64)\.so\.\d)$/,
  musl: /^(libc\.so|libc\.musl-\w+\.so\.1|libstdc\+\+\.so\.6|libgcc_s\.so\.1)$/,
  win32: /^(node\.exe|(kernel32|advapi32|ws2_32|ntdll|bcrypt)\.dll|api-ms-win-[\w-]+\.dll)$/i,
};

/** Of Node-API 8, all of which Node 20 has. */
const nodeApi = new Set(Object.values(createRequire(import.meta.url)("node-api-headers").symbols.v8).flat());
const formats = { linux: "ELF", darwin: "Mach-O", win32: "PE" };

/**
 * Everything in a folder of libraries that does not fit the platform `name`; empty when all does. Of a Mac only the format and
 * the processor are read.
 */
export function binaryProblems(name, folder) {
  const platform = platforms[name];
  const files = readdirSync(folder).filter((file) => /\.(node|so|dylib|dll)$/.test(file));
  const libraries = files.map((file) => ({ file, ...readLibrary(readFileSync(join(folder, file))) }));
  const exported = new Set(libraries.flatMap((library) => library.exported ?? []));
  return libraries.flatMap((library) => {
    const { file, format, machine } = library;
    if (format !== formats[platform.os] || machine !== platform.cpu)
      return [`${file} is ${format} for ${machine}, expected ${name}`];
    return platform.os === "darwin" ? [] : symbolProblems(library, platform, { files, exported });
  });
}

/**
 * What a library needs that not every machine of its platform has, and what an addon lacks. Beside it lie `files`, which
 * together give the symbols `exported`.
 */
export function symbolProblems({ file, needed, versions = [], exported, imported }, { os, libc }, others) {
  const strangers = needed.filter((name) => !others.files.includes(name) && !systemLibraries[libc ?? os].test(name));
  const isNodes = ({ name }) => /^(napi|node_api)_/.test(name);
  const unknown = imported.filter((symbol) => isNodes(symbol) && !nodeApi.has(symbol.name));
  const noEntry = file.endsWith(".node") && !exported.includes("napi_register_module_v1");
  // all symbols of glibc have a version; what has none is Node's, or of a library beside it
  const lost = imported.filter((symbol) => {
    const { name, version, isWeak } = symbol;
    return libc === "glibc" && version === undefined && !isWeak && !isNodes(symbol) && !others.exported.has(name);
  });
  return [
    ...strangers.map((name) => `needs ${name}, which is neither in the package nor on every such machine`),
    ...versions.filter(isTooNew).map((version) => `needs ${version}, more than is promised`),
    ...unknown.map(({ name }) => `needs ${name}, which is not of Node-API 8`),
    ...(noEntry ? ["has no napi_register_module_v1"] : []),
    ...lost.map(({ name }) => `needs ${name}, which nothing has`),
  ].map((problem) => `${file} ${problem}`);
}

function isTooNew(version) {
  const [, set, number] = /^(\w+?)_([\d.]+)$/.exec(version) ?? [];
  if (newest[set] === undefined) return false;
  const [found, most] = [number, newest[set]].map((text) => text.split(".").map(Number));
  for (let i = 0; i < Math.max(found.length, most.length); i++) {
    const difference = (found[i] ?? 0) - (most[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function readLibrary(bytes) {
  const magic = bytes.length < 64 ? 0 : bytes.readUInt32BE(0);
  if (magic === 0x7f454c46) return readElf(bytes);
  if (magic >>> 16 === 0x4d5a) return readPe(bytes);
  if (magic === 0xcffaedfe) {
    const machine = { 16777223: "x64", 16777228: "arm64" }[bytes.readUInt32LE(4)];
    return { format: "Mach-O", machine: machine ?? "another processor" };
  }
  return { format: "no library", machine: "nothing" };
}
