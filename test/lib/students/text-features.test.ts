import { describe, expect, it } from "vitest";
import { inverseDocumentFrequency, textFeatures, wordCounts } from "../../../lib/students/text-features.js";

describe("textFeatures", () => {
  it("weighs words and word pairs by TF-IDF, scaled to length 1", () => {
    const idf = inverseDocumentFrequency(["A b", "a c"].map(wordCounts));
    // "a" is in both texts: ln(3/3) + 1 = 1. "b" and "a b" are in one: ln(3/2) + 1 = 1.405465.
    const rare = Math.log(1.5) + 1;
    const length = Math.sqrt(1 + 2 * rare ** 2);
    const values = [...textFeatures(wordCounts("a, B!"), idf).values].sort((a, b) => a - b);
    expect(values).toEqual([1 / length, rare / length, rare / length].map((value) => expect.closeTo(value, 6)));
    // twice the word counts twice: 2 a, and the unknown pair "a a" with ln(3/1) + 1
    const pair = Math.log(3) + 1;
    const twice = [...textFeatures(wordCounts("a a"), idf).values].sort((a, b) => a - b);
    expect(twice).toEqual([2, pair].map((value) => expect.closeTo(value / Math.hypot(2, pair), 6)));
  });

  it("has nothing for a text without words, and keeps letters of any script", () => {
    const idf = inverseDocumentFrequency([]);
    for (const blank of ["", " ", "?!"]) expect(textFeatures(wordCounts(blank), idf).columns).toHaveLength(0);
    expect(textFeatures(wordCounts("Größe 数据 über"), idf).columns).toHaveLength(5);
  });

  it("takes a text of more words than a call has room for arguments", () => {
    const text = Array.from({ length: 200_000 }, (_, i) => `w${i}`).join(" ");
    const { values } = textFeatures(wordCounts(text), inverseDocumentFrequency([]));
    expect(values.length).toBeGreaterThan(150_000);
    expect(values.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(1, 4);
  });
});
