import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { copies } from "../../../lib/near/copies.js";

describe("copies", () => {
  it("gives the counts and pairs worked out by hand", () => {
    const sources = ["the cat sat on the mat", "", "a dog barked", "A dog barked"];
    const texts = ["A  DOG barked", "the cat sat on the rug", "birds sing", " ", "a dog barked!", "a dog barked"];
    // words of text 1: {the, cat, sat, on, rug}, of source 0: {the, cat, sat, on, mat}: 4 of 6 are shared
    expect(copies(texts, sources, { shingle: 1, threshold: 0.6 })).toEqual({
      texts: 5,
      blank: 1,
      sources: 3,
      exact: 2,
      exactRate: 2 / 5,
      near: 4,
      nearRate: 4 / 5,
      copied: 4,
      copiedRate: 4 / 5,
      pairs: [
        { text: 0, source: 2, similarity: 1, how: "exact" },
        { text: 5, source: 2, similarity: 1, how: "exact" },
        { text: 4, source: 2, similarity: 1, how: "near" },
        { text: 1, source: 0, similarity: 4 / 6, how: "near" },
      ],
    });
  });

  it("does not count texts that are like each other but like no source", () => {
    expect(copies(["a b c d", "a b c d"], ["e f g h"])).toMatchObject({ exact: 0, near: 0, pairs: [] });
  });

  it("names the source most like the text, the earlier of two", () => {
    // 3 of 5, 4 of 5, 4 of 5 words
    const sources = ["a b c", "a b c d", "b c d e"];
    const { pairs } = copies(["a b c d e"], sources, { shingle: 1, threshold: 0.5 });
    expect(pairs).toEqual([{ text: 0, source: 1, similarity: 4 / 5, how: "near" }]);
  });

  it("finds what was made from a source, by letters, by words left out, by more behind", () => {
    const sources = ["what is the capital of japan", "one two three four five six seven eight nine ten"];
    const table: [text: string, how: string | undefined, source?: number][] = [
      ["what is the captial of japan", "reworded", 0],
      ["what's the capital of Japan?", "reworded", 0],
      ["what is the capital of france", undefined],
      [`${sources[1]!} and eleven and twelve and thirteen and fourteen`, "part", 1],
      ["two three four five six seven", "part", 1],
      ["one two three and four five six are numbers of mine", undefined],
    ];
    for (const [text, how, source] of table) {
      const { copied, near, pairs } = copies([text], sources);
      expect([text, copied, near, pairs[0]?.how, pairs[0]?.source]).toEqual([text, how ? 1 : 0, 0, how, source]);
    }
  });

  it("finds nothing without sources, and has no rate without texts", () => {
    expect(copies(["a"], [])).toMatchObject({ sources: 0, exactRate: 0, nearRate: 0 });
    for (const texts of [[], [""]])
      expect(copies(texts, ["a"])).toMatchObject({ texts: 0, blank: texts.length, exactRate: null, nearRate: null });
  });

  it("lists as many pairs as asked for and counts all", () => {
    expect(copies(["a", "a", "a"], ["a"], { pairs: 2 })).toMatchObject({ exact: 3, near: 3, pairs: [{}, {}] });
  });

  it("refuses options out of their range", () => {
    for (const options of [{ shingle: 0 }, { threshold: 0 }, { pairs: -1 }])
      expect(() => copies([], [], options)).toThrow(InvalidConfigError);
  });
});
