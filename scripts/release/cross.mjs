// Compiles the addon for a platform that no machine at hand is of, with zig as the compiler. See --help.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureLlamaSource } from "../llama-source.mjs";
import { binaryProblems } from "./binaries.mjs";
import { platforms } from "./platforms.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const targets = Object.keys(platforms).filter((name) => platforms[name].zig !== undefined);
const HELP = `Usage: node scripts/release/cross.mjs PLATFORM [options]

Compiles prebuilds/PLATFORM on Linux or a Mac: ${targets.join(", ")}.
Needs cmake, ninja and zig 0.17: pip install ziglang, and its folder in PATH. What was compiled before is kept, so that it can be
stopped and started again. Says what in the result does not fit the platform.

  --variants all|one    of CPU levels; default all, on Windows one
  --jobs N              default: one for each processor
  --configure           only that
  --help
`;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    variants: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    configure: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const [name] = positionals;
if (values.help || !targets.includes(name)) {
  process[values.help ? "stdout" : "stderr"].write(HELP);
  process.exit(values.help ? 0 : 2);
}
const { os, cpu, zig } = platforms[name];
const tree = join(root, ".cmake", `cross-${name}`);
const tools = join(tree, "tools");
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: "inherit" });

/**
 * Programs by the names that CMake asks for. zig takes no -march= of ARM: "armv8.2-a+fp16" is "generic+v8_2a+fullfp16" to it,
 * and what its own defaults would add, a check that traps on undefined behaviour, is switched off.
 */
function writeTools() {
  mkdirSync(tools, { recursive: true });
  const compile = (command) => `#!/bin/sh
for argument; do
  shift
  case "$argument" in
    -march=armv*) argument=$(echo "$argument" | sed -E 's/-march=armv([0-9]+)\\.([0-9]+)-a/-mcpu=generic+v\\1_\\2a/; s/-march=armv8-a/-mcpu=generic/; s/\\+fp16/+fullfp16/; s/\\+no([a-z0-9]+)/-\\1/g') ;;
  esac
  set -- "$@" "$argument"
done
exec zig ${command} -target ${zig} -fno-sanitize=undefined "$@"
`;
  const programs = { cc: compile("cc"), "c++": compile("c++") };
  for (const tool of ["ar", "ranlib", "rc"]) programs[tool] = `#!/bin/sh\nexec zig ${tool} "$@"\n`;
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(tools, program), text);
    chmodSync(join(tools, program), 0o755);
  }
}

/** On Windows an addon links with the program that loads it, by a list of what that one has. */
function nodeLibrary() {
  const headers = dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json"));
  const library = join(tree, "node.lib");
  run("zig", "dlltool", "-m", "arm64", "-d", join(headers, "def/node_api.def"), "-D", "node.exe", "-l", library);
  return library;
}

function configure() {
  const require = createRequire(import.meta.url);
  const headers = join(dirname(require.resolve("node-api-headers/package.json")), "include");
  const addonApi = dirname(require.resolve("node-addon-api/package.json"));
  const isOne = (values.variants ?? (os === "win32" ? "one" : "all")) === "one";
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_SYSTEM_NAME: os === "win32" ? "Windows" : "Linux",
    CMAKE_SYSTEM_PROCESSOR: { x64: "x86_64", arm64: "aarch64" }[cpu],
    CMAKE_C_COMPILER: join(tools, "cc"),
    CMAKE_CXX_COMPILER: join(tools, "c++"),
    CMAKE_AR: join(tools, "ar"),
    CMAKE_RANLIB: join(tools, "ranlib"),
    CMAKE_SHARED_LINKER_FLAGS: "-s",
    CMAKE_MODULE_LINKER_FLAGS: "-s",
    CMAKE_JS_INC: `${headers};${addonApi}`,
    CORRSYNTH_PORTABLE: "ON",
    CORRSYNTH_CPU_VARIANTS: isOne ? "OFF" : "ON",
    ...(os === "win32" && { CMAKE_RC_COMPILER: join(tools, "rc"), CMAKE_JS_LIB: nodeLibrary() }),
  };
  const given = Object.entries(definitions).map(([key, value]) => `-D${key}=${value}`);
  run("cmake", "-S", root, "-B", tree, "-G", "Ninja", "--no-warn-unused-cli", ...given);
}

ensureLlamaSource();
writeTools();
configure();
if (!values.configure) {
  run("cmake", "--build", tree, "--target", "corrsynth", "--parallel", values.jobs);
  const out = join(root, "prebuilds", name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const built = readdirSync(join(tree, "out")).filter((file) => /\.(node|so|dll)$/.test(file));
  for (const file of built) cpSync(join(tree, "out", file), join(out, file), { dereference: true });
  const problems = existsSync(join(out, "corrsynth.node"))
    ? binaryProblems(name, out)
    : [`${out} lacks corrsynth.node`];
  for (const problem of problems) console.error(`[cross] ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
