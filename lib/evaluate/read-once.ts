// What several evaluations have in common is read once: gold, however many datasets stand beside it.
import type { Entity } from "./entities.js";
import type { Readers } from "./read-rows.js";

/**
 * Readers that read each of these texts once; others they pass on. Figures stay the same bit for bit: a vector may
 * depend on the texts that are embedded along with it, so vectors are remembered by the whole list that was asked for.
 * @param texts  to remember, and so the bound of what is kept: for each its tokens and entities, and a vector.
 * @example
 * import { readOnce, tokenize } from "corrsynth/evaluate";
 * const given = { tokenizer: { name: "own", tokenize }, recogniser: undefined, embedder: undefined };
 * const { tokenizer } = readOnce(given, ["a gold text"]);
 * console.log(tokenizer?.tokenize("a gold text") === tokenizer?.tokenize("a gold text")); // true: read once
 */
export function readOnce({ embedder, mapEmbedder, recogniser, tokenizer }: Readers, texts: Iterable<string>): Readers {
  const known = new Set(texts);
  const isKnown = (text: string) => known.has(text);
  const tokens = new Map<string, string[]>();
  const entities = new Map<string, Promise<readonly Entity[]>>();
  const vectors = new Map<string, Promise<Float32Array[]>>();
  return {
    mapEmbedder, // it reads no gold
    tokenizer: tokenizer && {
      name: tokenizer.name,
      tokenize: (text) => recall(tokens, isKnown(text), text, () => tokenizer.tokenize(text)),
    },
    recogniser: recogniser && {
      name: recogniser.name,
      scripts: recogniser.scripts,
      recognise: (text) => recall(entities, isKnown(text), text, () => recogniser.recognise(text)),
    },
    embedder: embedder && {
      name: embedder.name,
      embed: (some, options) =>
        recall(vectors, some.every(isKnown), JSON.stringify(some), () => embedder.embed(some, options)),
    },
  };
}

function recall<Value>(store: Map<string, Value>, isKept: boolean, key: string, read: () => Value): Value {
  if (!isKept) return read();
  let value = store.get(key);
  if (value === undefined) {
    value = read();
    store.set(key, value);
    // What failed or was stopped is read again.
    if (value instanceof Promise) value.catch(() => store.delete(key));
  }
  return value;
}
