// Embeddings, each text once: kept in a file beside the runs, by the text.
import { createHash } from "node:crypto";
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

const hashOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** `vectorsOf(texts)`: a Float32Array each. What is there is read, the rest is embedded and added. */
export function vectorStore(folder, embedder, threads) {
  const names = join(folder, "vectors.txt");
  const numbers = join(folder, "vectors.f32");
  const known = new Map();
  if (existsSync(names)) readKnown(names, numbers, known);
  return async (texts) => {
    const missing = [...new Set(texts)].filter((text) => !known.has(hashOf(text)));
    for (let i = 0; i < missing.length; i += 256) {
      const part = missing.slice(i, i + 256);
      const vectors = await embedder.embed(part, { threads });
      for (const [k, vector] of vectors.entries()) {
        appendFileSync(numbers, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
        appendFileSync(names, `${hashOf(part[k])}\n`);
        known.set(hashOf(part[k]), Float32Array.from(vector));
      }
    }
    return texts.map((text) => known.get(hashOf(text)));
  };
}

function readKnown(names, numbers, known) {
  const hashes = readFileSync(names, "utf8").trim().split("\n");
  const bytes = Math.floor(statSync(numbers).size / hashes.length / 4) * 4;
  const file = openSync(numbers, "r");
  for (const [i, hash] of hashes.entries()) {
    const vector = new Float32Array(bytes / 4);
    readSync(file, vector, 0, bytes, i * bytes);
    known.set(hash, vector);
  }
  closeSync(file);
}
