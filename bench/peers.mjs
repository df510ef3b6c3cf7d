// What people would use for plain generation, installed below .cmake/bench on first use, and run as processes that stay.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { takeTree } from "../scripts/llama-source.mjs";
import { root, tree } from "./build.mjs";

const sources = join(root, "bench/peer");

/** node-llama-cpp, its own prebuilt binary for Linux: in a copy, so that no foreign sources lie below bench/. */
export function installNodeLlamaCpp() {
  const folder = join(tree, "peer");
  const library = join(folder, "node_modules/node-llama-cpp");
  const lock = (at) => readFileSync(join(at, "package-lock.json"), "utf8");
  if (!existsSync(library) || lock(folder) !== lock(sources)) {
    cpSync(sources, folder, { recursive: true });
    // no scripts: they would download or compile
    command("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  }
  const { version } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
  return { library: join(library, "dist/index.js"), version };
}

/** A virtual environment with what bench/peer/requirements-NAME.txt pins. @returns its python */
export function installPython(name) {
  const folder = join(tree, "few-shot", name);
  const python = join(folder, "bin/python");
  const requirements = readFileSync(join(sources, `requirements-${name}.txt`), "utf8");
  const stamp = join(folder, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === requirements) return python;
  if (!existsSync(python)) command("python3", ["-m", "venv", folder]);
  const pinned = requirements.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const ninja = { CMAKE_BUILD_PARALLEL_LEVEL: String(availableParallelism()) };
  command(python, ["-m", "pip", "install", "--quiet", "--prefer-binary", ...pinned], { env: ninja });
  writeFileSync(stamp, requirements);
  return python;
}

/** llama-server, compiled from the pinned llama.cpp as it is. @returns the program */
export function buildLlamaServer() {
  const folder = join(tree, "llama-server");
  const { commit } = JSON.parse(readFileSync(join(root, "deps/llama.json"), "utf8"));
  const stamp = join(folder, "commit");
  const program = join(folder, "build/bin/llama-server");
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, "utf8") === commit) return program;
  const source = join(folder, "llama.cpp");
  rmSync(source, { recursive: true, force: true });
  takeTree("CMakeLists.txt,LICENSE,licenses,cmake,common,ggml,include,scripts,src,tools,vendor".split(","), source);
  const build = join(folder, "build");
  const env = { CCACHE_BASEDIR: root, CCACHE_NOHASHDIR: "1" };
  command("cmake", ["-S", join(sources, "llama-server"), "-B", build, `-DLLAMA_DIR=${source}`], { env });
  const jobs = String(availableParallelism());
  command("cmake", ["--build", build, "--target", "llama-server", "--parallel", jobs], { env });
  writeFileSync(stamp, commit);
  return program;
}

/** The model as a folder that transformers and vLLM read, its weights dequantised to float32. */
export function modelFolder(model) {
  const hash = createHash("sha256").update(readFileSync(model)).digest("hex").slice(0, 16);
  const folder = join(tree, "few-shot", `model-${hash}`);
  if (!existsSync(folder)) {
    const python = installPython("transformers");
    rmSync(`${folder}.part`, { recursive: true, force: true });
    command(python, [join(root, "bench/children/gguf_folder.py"), model, folder]);
  }
  return folder;
}

function command(program, args, { env, ...options } = {}) {
  const stdio = ["ignore", 2, "inherit"];
  const { status, error } = spawnSync(program, args, { stdio, env: { ...process.env, ...env }, ...options });
  const asked = [program, ...args].map((word) => basename(word)).join(" "); // results name no folders of a machine
  if (status !== 0) throw new Error(`${asked} ${error?.message ?? `ended with ${status}`}`);
}

/**
 * Starts a contender and waits until it is loaded.
 * @param child     file of bench/children, run by `program`
 * @param settings  its first line of input
 * @returns { name, loadSeconds, complete, close }; complete(prompts, seed) -> { seconds, promptTokens, texts }
 */
export async function start(child, program, settings) {
  mkdirSync(join(tree, "few-shot"), { recursive: true });
  const log = join(tree, "few-shot", `${child}.log`);
  const running = spawn(program, [join(root, "bench/children", child)], {
    stdio: ["pipe", "pipe", openSync(log, "w")],
  });
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => running.on("close", resolve));
  running.stdin.on("error", () => {}); // told by the missing answer
  const ask = async (what) => {
    running.stdin.write(`${JSON.stringify(what)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${child} ended (${await ended}); its last words are in ${log}`);
    return JSON.parse(value);
  };
  return {
    ...(await ask(settings)),
    complete: (prompts, seed) => ask({ prompts, seed }),
    close: () => {
      running.stdin.end();
      return ended;
    },
  };
}
