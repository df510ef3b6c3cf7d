// Builds the C++ tests with plain cmake (Ninja where present) and runs them. See --help.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureLlamaSource } from "./llama-source.mjs";

const HELP = `Usage: node scripts/test-native.mjs [--sanitize LIST] [--sampling-only] [--build-only]

Builds the C++ tests in .cmake/test-<profile> and runs them; the last line says "N passed, N failed" (test cases).

  --sanitize LIST   none (default), or sanitizers separated by commas: address,undefined or thread
  --sampling-only   the sampling layer alone: needs neither llama.cpp nor a model, builds in seconds
  --build-only      build them and run none
  --help            this text

Needs cmake, a C++17 compiler and doctest (apt-get install doctest-dev, brew install doctest).
CORRSYNTH_LLAMA_DIR: own llama.cpp checkout. CORRSYNTH_JOBS: parallel compilations (default: one per core).
`;

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

// a compiler cache, where there is one, finds its objects again from other build trees and checkouts
process.env.CCACHE_BASEDIR ??= root;
process.env.CCACHE_NOHASHDIR ??= "1";

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        sanitize: { type: "string", default: "none" },
        "sampling-only": { type: "boolean", default: false },
        "build-only": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const sanitizers = values.sanitize === "none" ? [] : values.sanitize.split(",");
    const unknown = sanitizers.find((name) => !["address", "undefined", "leak", "thread"].includes(name));
    if (unknown !== undefined) {
      throw new Error(
        `Expected "--sanitize" to be none or a list of address, undefined, leak and thread, received "${unknown}"`,
      );
    }
    return { sanitizers, samplingOnly: values["sampling-only"], buildOnly: values["build-only"], help: values.help };
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    return process.exit(2);
  }
}

/** Runs a command in view of the user; a failure ends this script, since nothing after it can succeed. */
function mustRun(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd: root });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")} failed: ${error?.message ?? `exit ${status}`}`);
  process.exit(1);
}

function build(tree, { sanitizers, samplingOnly }) {
  const definitions = {
    CORRSYNTH_TESTS: "ON",
    CORRSYNTH_ENGINE: samplingOnly ? "OFF" : "ON",
    CORRSYNTH_SANITIZE: sanitizers.join(","),
    CORRSYNTH_LLAMA_DIR: process.env.CORRSYNTH_LLAMA_DIR ? resolve(process.env.CORRSYNTH_LLAMA_DIR) : "",
    // -O1 under sanitizers: compiles several times as fast as -O2 and keeps stacks readable
    CMAKE_BUILD_TYPE: sanitizers.length > 0 ? "RelWithDebInfo" : "Release",
    CMAKE_C_FLAGS_RELWITHDEBINFO: "-O1",
    CMAKE_CXX_FLAGS_RELWITHDEBINFO: "-O1",
  };
  const hasNinja = spawnSync("ninja", ["--version"]).status === 0;
  const configured = existsSync(join(tree, "CMakeCache.txt")); // its generator stays
  mustRun("cmake", [
    ...["-S", root, "-B", tree],
    ...(hasNinja && !configured ? ["-G", "Ninja"] : []),
    ...Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`),
  ]);
  const jobs = process.env.CORRSYNTH_JOBS ?? String(availableParallelism());
  mustRun("cmake", ["--build", tree, "--config", definitions.CMAKE_BUILD_TYPE, "--parallel", jobs]);
}

/** The commands of the tests that the tree was configured with. */
function testCommands(tree) {
  const listed = spawnSync("ctest", ["--show-only=json-v1", "-C", "Release"], { cwd: tree, encoding: "utf8" });
  if (listed.status !== 0) throw new Error(`ctest cannot list the tests of ${tree}: ${listed.stderr}`);
  return JSON.parse(listed.stdout).tests.map((test) => test.command);
}

/** Test cases passed and failed by one doctest executable; a death before or after its summary is one more failure. */
function runTest([command, ...args]) {
  const { stdout, status, signal } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout ?? "");
  const summary = /test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed/.exec(stdout ?? "");
  const passed = Number(summary?.[1] ?? 0);
  const failed = Number(summary?.[2] ?? 0);
  const died = status !== 0 && failed === 0;
  if (died) console.error(`${command}: ended with ${signal ?? `exit ${status}`}, although no test case failed`);
  return { passed, failed: failed + (died ? 1 : 0) };
}

const options = readOptions();
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const profile = [options.samplingOnly ? "sampling" : "all", ...options.sanitizers].join("-");
const tree = join(root, ".cmake", `test-${profile}`);
if (!options.samplingOnly && !process.env.CORRSYNTH_LLAMA_DIR) await ensureLlamaSource();
build(tree, options);
if (options.buildOnly) process.exit(0);
const commands = testCommands(tree);
const results = commands.map(runTest);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
