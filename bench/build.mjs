// Builds the C++ benchmarks into .cmake/bench, and makes the random model there on first use.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureLlamaSource, takeFile } from "../scripts/llama-source.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const tree = join(root, ".cmake/bench");

/**
 * @param gpu  "cuda": for such GPUs as well, with the library that draws on them and its check, in a tree of its own
 * @returns the folder of the programs
 */
export function build(gpu) {
  const folder = gpu ? `${tree}-${gpu}` : tree;
  const definitions = gpu ? ["-DGGML_CUDA=ON", "-DCORRSYNTH_CUDA=ON", "-DCORRSYNTH_TESTS=ON"] : [];
  process.env.CCACHE_BASEDIR ??= root;
  process.env.CCACHE_NOHASHDIR ??= "1";
  if (!process.env.CORRSYNTH_LLAMA_DIR) ensureLlamaSource();
  const ninja = spawnSync("ninja", ["--version"]).status === 0 && !existsSync(join(folder, "CMakeCache.txt"));
  const generator = ninja ? ["-G", "Ninja"] : [];
  const configure = ["-S", root, "-B", folder, ...generator, "-DCORRSYNTH_BENCH=ON", ...definitions];
  for (const args of [configure, ["--build", folder, "--parallel", String(availableParallelism())]]) {
    const { status } = spawnSync("cmake", args, { stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) process.exit(status ?? 1);
  }
  return join(folder, "out");
}

const demo = join(root, "models/demo-teacher.Q8_0.gguf");

// Real models by name: what scripts/models/fetch.py calls them, and their files.
const realModels = {
  smollm2: ["smollm2-135m-instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"],
  "qwen-0.5b": ["qwen2.5-coder-0.5b-instruct", "Qwen2.5-Coder-0.5B-Instruct.Q4.gguf"],
  "qwen-1.5b": ["qwen2.5-coder-1.5b-instruct", "Qwen2.5-Coder-1.5B-Instruct.Q4_K_M.gguf"],
};

// Vocabularies that come with llama.cpp, by their size.
const vocabularies = { "50k": "gpt-2", "32k": "phi-3", "128k": "llama-bpe" };

/**
 * Path of a model: "demo", the teacher that ships with the package; "demo-endless", the same but never drawing an end
 * token, so that all rows keep running; "135m", "1b-32k", "7b-128k" and the like: random weights of that shape, with a
 * vocabulary of that size (50k for 135m), made on first use, never committed; "smollm2", "qwen-0.5b" and "qwen-1.5b", real
 * models, where scripts/models/fetch.py has put them.
 */
export function modelPath(name) {
  if (name === "demo") return demo;
  const real = realModels[name];
  if (real !== undefined) return fetchedModel(...real);
  mkdirSync(tree, { recursive: true });
  if (name !== "demo-endless") return randomModel(name);
  const path = join(tree, "demo-endless.gguf");
  writeFileSync(path, withoutEnd(readFileSync(demo)));
  return path;
}

function fetchedModel(name, file) {
  const path = join(process.env.CORRSYNTH_MODELS ?? join(homedir(), ".cache/corrsynth/models"), file);
  if (existsSync(path)) return path;
  console.error(`Expected ${path}: python3 scripts/models/fetch.py ${name} gets it`);
  return process.exit(1);
}

function randomModel(name) {
  const [shape, size = "50k"] = name.split("-");
  const path = join(tree, `random-${name}.Q8_0.gguf`);
  if (existsSync(path)) return path;
  const programs = build();
  const vocabulary = join(tree, `vocabulary-${size}.gguf`);
  if (!existsSync(vocabulary)) takeFile(`models/ggml-vocab-${vocabularies[size]}.gguf`, vocabulary);
  execFileSync(join(programs, "random_model"), [vocabulary, path, shape]);
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
