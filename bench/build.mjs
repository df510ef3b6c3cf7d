// Builds the C++ benchmarks into .cmake/bench, and makes the random model there on first use.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureLlamaSource, takeFile } from "../scripts/llama-source.mjs";

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

const demo = join(root, "models/demo-teacher.Q8_0.gguf");

/**
 * Path of a model: "135m", random weights of 135M shape (made on first use, never committed); "demo", the teacher that
 * ships with the package; "demo-endless", the same but never drawing an end token, so that all rows keep running.
 */
export function modelPath(name) {
  if (name === "demo") return demo;
  mkdirSync(tree, { recursive: true });
  if (name === "135m") return randomModel(join(tree, "random-135m.Q8_0.gguf"));
  const path = join(tree, "demo-endless.gguf");
  writeFileSync(path, withoutEnd(readFileSync(demo)));
  return path;
}

function randomModel(path) {
  if (existsSync(path)) return path;
  build();
  const vocabulary = join(tree, "vocabulary.gguf");
  takeFile("models/ggml-vocab-gpt-2.gguf", vocabulary);
  execFileSync(join(tree, "out/random_model"), [vocabulary, path]);
  return path;
}

// The end token gets another name, so that it is an ordinary control token, which is never drawn; what ends a text is <bos>
// instead, which none goes on with.
function withoutEnd(model) {
  const key = "tokenizer.ggml.eos_token_id";
  model.writeUInt32LE(0, model.indexOf(key) + key.length + 4); // behind the key stands the type of its value
  model.write("<xxx>", model.indexOf("<eos>"));
  return model;
}
