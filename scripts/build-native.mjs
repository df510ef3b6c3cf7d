// Builds the addon: cmake-js configure + build, then the results (links resolved) are copied to --out (build/Release).
//   CORRSYNTH_LLAMA_DIR=path        an own llama.cpp checkout instead of the pinned source
//   CORRSYNTH_GPU=cuda|vulkan       for such GPUs as well (on a Mac, Metal is always in); cuda also compiles
//                                   libcorrsynth-cuda, which draws on the device
//   CORRSYNTH_PORTABLE=1            dynamic backends for every CPU level, as prebuilt binaries have
//   CORRSYNTH_CPU_VARIANTS=one      of these one alone, which builds in a fraction of the time
//   CORRSYNTH_CMAKE_ARGS="-DX=Y"    further CMake definitions;   CORRSYNTH_JOBS=n  parallel jobs
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureLlamaSource } from "./llama-source.mjs";

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

const cmakeJs = createRequire(import.meta.url).resolve("cmake-js/bin/cmake-js");
const run = (cmd, ...extra) => {
  const r = spawnSync(
    process.execPath,
    [
      cmakeJs,
      cmd,
      "-d",
      root,
      "-O",
      tree,
      "-a",
      o.arch,
      "-p",
      process.env.CORRSYNTH_JOBS ?? String(availableParallelism()),
      ...(o.config === "Debug" ? ["-D"] : []),
      ...defs.map((d) => `--CD${d}`),
      ...extra,
    ],
    { stdio: "inherit", cwd: root },
  );
  if (r.status !== 0) process.exit(r.status ?? 1);
};
run("configure"); // always: `build` alone would ignore changed -D options when a cache exists
if (gpu === "cuda") run("build", "-T", "corrsynth-cuda");
run("build", "-T", "corrsynth"); // not `compile`: that one retries a failed build from scratch

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
