// Builds the addon: CMake configures and builds, then the results (links resolved) are copied to --out (build/Release).
//   CORRSYNTH_LLAMA_DIR=path        an own llama.cpp checkout instead of the pinned source
//   CORRSYNTH_GPU=cuda|vulkan       for such GPUs as well (on a Mac, Metal is always in); cuda also compiles
//                                   libcorrsynth-cuda, which draws on the device
//   CORRSYNTH_PORTABLE=1            dynamic backends for every CPU level, as prebuilt binaries have
//   CORRSYNTH_CPU_VARIANTS=one      of these one alone, which builds in a fraction of the time
//   CORRSYNTH_CMAKE_ARGS="-DX=Y"    further CMake definitions;   CORRSYNTH_JOBS=n  parallel jobs
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureLlamaSource } from "./llama-source.mjs";
import { nodeHeaders } from "./node-headers.mjs";
import { works } from "./toolchain.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { values: o } = parseArgs({
  options: {
    out: { type: "string", default: join(root, "build/Release") },
    config: { type: "string", default: "Release" },
    arch: { type: "string", default: process.arch },
  },
});
// a compiler cache, where there is one, finds its objects again from other build trees and checkouts
process.env.CCACHE_BASEDIR ??= root;
process.env.CCACHE_NOHASHDIR ??= "1";

const out = resolve(root, o.out);
const gpu = process.env.CORRSYNTH_GPU ?? "";
const gpuDefinitions = { "": [], cuda: ["GGML_CUDA=ON", "CORRSYNTH_CUDA=ON"], vulkan: ["GGML_VULKAN=ON"] };
if (!(gpu in gpuDefinitions)) {
  console.error(`[corrsynth] Expected CORRSYNTH_GPU to be cuda or vulkan, received "${gpu}"`);
  process.exit(2);
}
const isOneCpu = process.env.CORRSYNTH_CPU_VARIANTS === "one";
const portable = process.env.CORRSYNTH_PORTABLE === "1";
const tree = join(
  root,
  ".cmake",
  `${process.platform}-${o.arch}-${portable ? `portable${isOneCpu ? "-one" : ""}` : "static"}${gpu && `-${gpu}`}-${o.config}`,
);

const defs = [
  `CORRSYNTH_PORTABLE=${portable ? "ON" : "OFF"}`,
  `CORRSYNTH_CPU_VARIANTS=${isOneCpu ? "OFF" : "ON"}`,
  ...gpuDefinitions[gpu],
];
if (process.env.CORRSYNTH_LLAMA_DIR) defs.push(`CORRSYNTH_LLAMA_DIR=${resolve(process.env.CORRSYNTH_LLAMA_DIR)}`);
else if (!(process.env.CORRSYNTH_CMAKE_ARGS ?? "").includes("CORRSYNTH_FETCH=ON")) ensureLlamaSource();
for (const d of (process.env.CORRSYNTH_CMAKE_ARGS ?? "").split(/\s+/).filter(Boolean)) defs.push(d.replace(/^-D/, ""));

const { include, def } = nodeHeaders();
defs.push(`CMAKE_BUILD_TYPE=${o.config}`, `CORRSYNTH_NODE_API=${include.join(";").replaceAll("\\", "/")}`);
const generator = [];
if (process.platform === "win32") {
  // the C and C++ runtimes inside, as Node itself has them: a machine without Visual Studio lacks them
  defs.push("CMAKE_MSVC_RUNTIME_LIBRARY=MultiThreaded$<$<CONFIG:Debug>:Debug>");
  defs.push(`CORRSYNTH_NODE_DEF=${def.replaceAll("\\", "/")}`);
  if (!process.env.CMAKE_GENERATOR) generator.push("-A", { ia32: "Win32", arm64: "ARM64" }[o.arch] ?? "x64");
} else if (!process.env.CMAKE_GENERATOR && works("ninja", "--version")) generator.push("-G", "Ninja");
if (process.platform === "darwin") defs.push(`CMAKE_OSX_ARCHITECTURES=${o.arch === "x64" ? "x86_64" : o.arch}`);

function cmake(...args) {
  const { status, error } = spawnSync("cmake", args, { stdio: "inherit", cwd: root });
  if (status === 0) return;
  if (error) console.error(`[corrsynth] cmake: ${error.message}`);
  process.exit(status ?? 1);
}
// always configured: a build alone would ignore changed -D options when a cache exists
cmake("-S", root, "-B", tree, ...generator, "--no-warn-unused-cli", ...defs.map((d) => `-D${d}`));
const jobs = process.env.CORRSYNTH_JOBS ?? String(availableParallelism());
for (const target of gpu === "cuda" ? ["corrsynth-cuda", "corrsynth"] : ["corrsynth"])
  cmake("--build", tree, "--config", o.config, "--target", target, "--parallel", jobs);

mkdirSync(out, { recursive: true });
for (const f of readdirSync(out)) if (/\.(node|dylib|dll)$|\.so(\.\d+)*$/.test(f)) rmSync(join(out, f));
const from = [join(tree, "out"), join(tree, "out", o.config)].filter(existsSync);
for (const dir of from)
  for (const f of readdirSync(dir)) {
    // corrsynth.node, libcorrsynth-ggml*.so and the backend modules libggml-cpu-*.so
    if (/\.(node|so|dylib|dll)$/.test(f)) cpSync(realpathSync(join(dir, f)), join(out, f));
  }
if (!existsSync(join(out, "corrsynth.node"))) {
  console.error(`[corrsynth] expected corrsynth.node in ${from.join(" or ")}`);
  process.exit(1);
}
