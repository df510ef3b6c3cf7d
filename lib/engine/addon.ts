/** Finds the native addon and loads it: compiled here, or prebuilt in this package or in the one for this platform. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import nodeGypBuild from "node-gyp-build";
import { BindingError } from "../errors.js";
import { runsOnMusl } from "./libc.js";

/** The package's folder; lib/ (tests) and dist/ (published) are both one level below it. */
export const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const platform = `${process.platform}-${process.arch}`;
const require = createRequire(import.meta.url);

/** Name of the package that holds this platform's prebuilt addon. */
export const platformPackage = `@corrsynth/${platform}${process.platform === "linux" && runsOnMusl() ? "-musl" : ""}`;

/** Folder of an installed package of the very same version, or why there is none: binaries of two versions do not fit. */
export function companion(name: string): { readonly directory: string } | { readonly problem: string } {
  let file: string;
  try {
    file = require.resolve(`${name}/package.json`);
  } catch {
    return { problem: "not installed" };
  }
  const version = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as { version?: unknown }).version;
  const [ours, theirs] = [version(join(packageRoot, "package.json")), version(file)];
  if (ours === theirs) return { directory: dirname(file) };
  return { problem: `of version ${theirs}, expected ${ours}: npm install ${name}@${ours}` };
}

/** An addon that is there, or a place where none is, and what was wrong with it. */
interface Attempt {
  readonly place: string;
  readonly problem: string;
}

let loaded: { readonly path: string; readonly exports: unknown } | undefined;

/**
 * The addon and its file, loaded on first use.
 * @throws {BindingError} CORRSYNTH_BINDING with every place that was tried, what was wrong there, and what to do.
 */
export function loadAddon(): { readonly path: string; readonly exports: unknown } {
  if (loaded !== undefined) return loaded;
  const attempts: Attempt[] = [];
  const packaged = companion(platformPackage);
  const directories = "directory" in packaged ? [packageRoot, packaged.directory] : [packageRoot];
  if ("problem" in packaged) attempts.push({ place: platformPackage, problem: packaged.problem });
  for (const directory of directories) {
    try {
      const path = nodeGypBuild.path(directory);
      try {
        const damage = problemOfElf(path);
        if (damage !== undefined) throw new Error(damage);
        loaded = { path, exports: require(path) };
        return loaded;
      } catch (error) {
        attempts.push({ place: path, problem: problemOf(path, (error as Error).message) });
      }
    } catch {
      attempts.push({ place: directory, problem: `has neither build/Release nor prebuilds/${platform}` });
    }
  }
  throw new BindingError(failure(attempts));
}

/** The command that compiles the addon where this package is. */
export function compileCommand(gpu?: "cuda" | "vulkan"): string {
  if (existsSync(join(packageRoot, "lib"))) return `npm run build:${gpu ?? "native"}`; // a checkout
  return `npx corrsynth build${gpu === undefined ? "" : ` --gpu ${gpu}`}`;
}

// No package manager runs a script of ours, so this is the first time that anyone hears of it.
function failure(attempts: readonly Attempt[]): string {
  const lines = attempts.map(({ place, problem }) => `  ${place}: ${problem}`);
  return (
    `Found no native addon for ${platform} (${libc()}) that loads. Tried:\n${lines.join("\n")}\n` +
    `Install it again (npm install corrsynth, without --omit=optional), or compile it, which takes some minutes, cmake ` +
    `and a C++17 compiler, and no network: ${compileCommand()}`
  );
}

function libc(): string {
  if (process.platform !== "linux") return `Node ${process.version}`;
  if (runsOnMusl()) return "musl";
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return `glibc ${header.glibcVersionRuntime ?? "of an unknown version"}`;
}

const elfMachines: Readonly<Record<string, number>> = { x64: 0x3e, arm64: 0xb7 };

// Over half a file the loader of Linux ends the process instead of failing, and of another processor's it says that it is gone.
function problemOfElf(path: string): string | undefined {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(64);
    const isElf = readSync(file, header) === header.length && header.readUInt32BE(0) === 0x7f454c46;
    if (!isElf) return process.platform === "linux" ? "invalid ELF header" : undefined;
    const machine = elfMachines[process.arch];
    if (machine !== undefined && header.readUInt16LE(18) !== machine) return "cannot execute binary";
    const end = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60); // of the section table
    return fstatSync(file).size < end ? "file too short" : undefined;
  } finally {
    closeSync(file);
  }
}

/**
 * What a message of the loader means, for the ways in which binaries fail that we know.
 * @internal
 */
export function problemOf(path: string, message: string, system = libc()): string {
  const [line = ""] = message.split("\n");
  const told = `(${line.trim()})`;
  const missing = ["libcorrsynth-ggml.so", "libcorrsynth-ggml-base.so"].find((name) =>
    message.includes(`${name}: cannot open shared object file`),
  );
  const neededGlibc = /version `(GLIBC(?:XX)?_[\d.]+)' not found/.exec(message)?.[1];
  if (neededGlibc !== undefined) return `needs ${neededGlibc}, this system is older: compile it ${told}`;
  if (missing !== undefined) {
    return `${missing} is missing beside it, though ${readdirSync(dirname(path)).length} other files are there: install again ${told}`;
  }
  if (/ld-linux|libc\.so\.6|libstdc\+\+\.so\.6|symbol not found/.test(message) && system === "musl")
    return `is made for glibc, this system has musl: compile it ${told}`;
  if (!existsSync(path)) return `is gone ${told}`;
  if (statSync(path).size === 0 || /file too short|invalid ELF header|not a valid Win32|not a mach-o/i.test(message))
    return `is empty or damaged, which some virus scanners do: install again, with the folder excepted ${told}`;
  if (/wrong ELF class|incompatible architecture|cannot execute binary/i.test(message))
    return `is made for another processor than ${process.arch} ${told}`;
  return line.trim();
}
