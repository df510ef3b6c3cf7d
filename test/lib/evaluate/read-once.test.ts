import { describe, expect, it } from "vitest";
import { evaluate } from "../../../lib/evaluate/evaluate.js";
import { readOnce } from "../../../lib/evaluate/read-once.js";
import type { Readers } from "../../../lib/evaluate/read-rows.js";

// Readers that write down what they are asked; a vector depends on its neighbours, as those of a language model may.
function counting() {
  const asked = { tokenizer: [] as string[], recogniser: [] as string[], embedder: [] as string[] };
  const readers: Readers = {
    tokenizer: {
      name: "letters",
      tokenize: (text) => {
        asked.tokenizer.push(text);
        return [...text];
      },
    },
    recogniser: {
      name: "all",
      recognise: async (text) => {
        asked.recogniser.push(text);
        return [{ type: "X", text }];
      },
    },
    embedder: {
      name: "by place",
      embed: async (texts) => {
        asked.embedder.push(...texts);
        return texts.map((text, i) => Float32Array.of(text.length, i, text.charCodeAt(0) % 7));
      },
    },
  };
  return { asked, readers };
}

const gold = ["ab", "cd", "abc", "bcd"].map((text, i) => ({ text, label: i % 2 === 0 ? "x" : "y" }));
const datasets = ["efgh", "ijkl", "mabc"].map((letters) =>
  [...letters].map((letter, i) => ({ text: `${letter}ab${letter}`, label: i % 2 === 0 ? "x" : "y" })),
);

describe("readOnce", () => {
  it("reads gold once for several datasets, and every figure stays what it was", async () => {
    const plain = counting();
    const kept = counting();
    const texts = gold.map(({ text }) => text);
    const readers = readOnce(kept.readers, texts);
    for (const rows of [...datasets, [...datasets[0]!.slice(0, 3), gold[3]!]]) {
      expect(await evaluate(rows, { gold, ...readers })).toEqual(await evaluate(rows, { gold, ...plain.readers }));
    }
    for (const reader of ["tokenizer", "recogniser", "embedder"] as const) {
      const times = (asked: readonly string[]) => asked.filter((text) => text === "ab").length;
      expect([reader, times(kept.asked[reader]), times(plain.asked[reader])]).toEqual([reader, 1, 4]);
    }
  });

  it("keeps nothing of other texts, nor what failed", async () => {
    let calls = 0;
    const { readers } = counting();
    const failing = {
      name: "fails once",
      recognise: async () => {
        if (++calls === 1) throw new Error("out of order");
        return [];
      },
    };
    const { recogniser, embedder } = readOnce({ ...readers, recogniser: failing, embedder: undefined }, ["a"]);
    expect(embedder).toBeUndefined();
    await expect(recogniser!.recognise("a")).rejects.toThrow("out of order");
    expect(await recogniser!.recognise("a")).toEqual([]);
    expect(await recogniser!.recognise("a")).toEqual([]);
    expect(calls).toBe(2);
    await recogniser!.recognise("b");
    await recogniser!.recognise("b");
    expect(calls).toBe(4);
  });
});
