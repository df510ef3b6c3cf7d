// Builds the C++ benchmarks into .cmake/bench.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureLlamaSource } from "../scripts/llama-source.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const tree = join(root, ".cmake/bench");

export function build() {
  process.env.CCACHE_BASEDIR ??= root;
  process.env.CCACHE_NOHASHDIR ??= "1";
  if (!process.env.CORRSYNTH_LLAMA_DIR) ensureLlamaSource();
  const ninja = spawnSync("ninja", ["--version"]).status === 0 && !existsSync(join(tree, "CMakeCache.txt"));
  const configure = ["-S", root, "-B", tree, ...(ninja ? ["-G", "Ninja"] : []), "-DCORRSYNTH_BENCH=ON"];
  for (const args of [configure, ["--build", tree, "--parallel", String(availableParallelism())]]) {
    const { status } = spawnSync("cmake", args, { stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) process.exit(status ?? 1);
  }
}
