/** What a file is that is no model, and what to do about it: told before llama.cpp sees it. */
import { open, readdir, stat } from "node:fs/promises";
import { extname } from "node:path";
import { ModelLoadError } from "../errors.js";
import { headerProblem } from "./gguf-checks.js";
import { mostBytes, mostTokens, readGgufHeader } from "./gguf-header.js";

const beginningBytes = 1024;
const elsewhere = "or fetch a GGUF file with corrsynth pull hf:owner/repo";
const damaged = "the file is damaged, or was made by somebody who means harm; fetch it again";
const convert = `convert the model with llama.cpp's convert_hf_to_gguf.py, ${elsewhere}`;

/**
 * Looks whether a path is that of a GGUF file, by its first bytes, and whether its metadata are such that llama.cpp takes
 * or refuses it, and does not end the process.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD that says what is there instead, and what to do.
 */
export async function checkModelFile(path: string): Promise<void> {
  const problem = await problemOf(path);
  if (problem !== undefined) throw new ModelLoadError(`Cannot read model "${path}": ${problem}`);
}

async function problemOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    return found.code === "ENOENT" ? "there is no such file" : `it may not be read (${found.message})`;
  }
  if (found.isDirectory()) return problemOfFolder(path);
  if (!found.isFile()) return "it is no regular file";
  if (found.size === 0) return "it is empty, as a download leaves it that never began: fetch it again";
  const beginning = await readBeginning(path).catch((error: Error) => error);
  if (beginning instanceof Error) return `it may not be read (${beginning.message})`;
  if (beginning.subarray(0, 4).toString("latin1") === "GGUF") return await problemOfHeader(path);
  const kind = kinds.find(({ isOne }) => isOne(beginning, extname(path).toLowerCase()));
  return kind?.problem(beginning) ?? `not a GGUF file, it starts with "${shown(beginning.subarray(0, 4))}"`;
}

async function problemOfHeader(path: string): Promise<string | undefined> {
  const header = await readGgufHeader(path);
  if (header === "large") return `its metadata have more than ${mostBytes} bytes, or ${mostTokens} tokens: ${damaged}`;
  const problem = header === undefined ? undefined : headerProblem(header);
  return problem === undefined ? undefined : `${problem}: ${damaged}`;
}

async function problemOfFolder(path: string): Promise<string> {
  const names: string[] = await readdir(path).catch(() => []);
  const models = names.filter((name) => /\.gguf$/i.test(name)).sort();
  if (models.length > 0) {
    const some = models.slice(0, 5).map((name) => `"${name}"`);
    const more = models.length > some.length ? ` (${models.length} in all)` : "";
    return `it is a folder: name the file in it, ${some.join(", ")}${more}`;
  }
  if (names.some((name) => /\.(safetensors|bin|pt|pth)$/i.test(name)) || names.includes("config.json")) {
    return `it is a folder of weights as Hugging Face's transformers reads them, no GGUF file: ${convert}`;
  }
  return `it is a folder without a .gguf file: name the file of the model, ${elsewhere}`;
}

async function readBeginning(path: string): Promise<Buffer> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0);
  return buffer.subarray(0, bytesRead);
}

interface Kind {
  isOne(beginning: Buffer, extension: string): boolean;
  problem(beginning: Buffer): string;
}

const startsWith = (...bytes: readonly number[]) => {
  return (beginning: Buffer) => bytes.every((byte, i) => beginning[i] === byte);
};

const kinds: readonly Kind[] = [
  {
    isOne: (beginning) => beginning.toString("latin1").startsWith("version https://git-lfs.github.com/spec/"),
    problem: (beginning) => {
      const size = /^size (\d+)$/m.exec(beginning.toString("latin1"))?.[1];
      const which = size === undefined ? "" : `, which has ${(Number(size) / 1e9).toFixed(1)} GB`;
      return `a Git LFS pointer in place of the model${which}: run git lfs pull in its repository, ${elsewhere}`;
    },
  },
  {
    isOne: (beginning) => /^\ufeff?\s*(<!doctype html|<html|<\?xml|<!--)/i.test(beginning.toString("utf8")),
    problem: () =>
      "a web page in place of the model: its address was that of a page, or asked for a login; use corrsynth pull hf:owner/repo/file.gguf",
  },
  {
    isOne: (beginning) => /^\s*\{\s*"(error|message|detail)"/.test(beginning.toString("utf8")),
    problem: () => "a server's error message in place of the model: use corrsynth pull hf:owner/repo/file.gguf",
  },
  {
    // eight bytes with the length of a JSON object, then that object
    isOne: (beginning) => beginning.length > 9 && beginning.readUInt32LE(4) === 0 && beginning[8] === 0x7b,
    problem: () => `a safetensors file, no GGUF file: ${convert}`,
  },
  {
    isOne: (beginning, extension) => extension === ".onnx" || beginning.subarray(0, 64).includes("pytorch\x12"),
    problem: () => `an ONNX file, no GGUF file: take the model's original weights and ${convert}`,
  },
  {
    isOne: (beginning, extension) =>
      startsWith(0x50, 0x4b)(beginning) && [".bin", ".pt", ".pth", ".ckpt"].includes(extension),
    problem: () => `weights of PyTorch, no GGUF file: ${convert}`,
  },
  { isOne: startsWith(0x50, 0x4b), problem: () => "a zip archive: unpack it and name the .gguf file in it" },
  { isOne: startsWith(0x1f, 0x8b), problem: () => "a gzip archive: unpack it (gunzip) and name the .gguf file" },
  { isOne: startsWith(0x28, 0xb5, 0x2f, 0xfd), problem: () => "a zstd archive: unpack it and name the .gguf file" },
  {
    isOne: (beginning) => ["lmgg", "tjgg", "fmgg", "algg"].includes(beginning.subarray(0, 4).toString("latin1")),
    problem: () => `a GGML file, llama.cpp's format before GGUF, which nothing reads any more: ${convert}`,
  },
];

// The first bytes, printable, so that the message can show what it is instead of a model.
function shown(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => {
      const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
      return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
