import { describe, expect, it } from "vitest";
import { tokenize, tokenizerName } from "../../../lib/evaluate/index.js";

describe("tokenize", () => {
  it("splits words from punctuation and keeps case", () => {
    expect(tokenize("The cat didn't eat (much), e.g. 3.5 kg.")).toEqual([
      "The",
      "cat",
      "did",
      "n't",
      "eat",
      "(",
      "much",
      ")",
      ",",
      "e.g.",
      "3.5",
      "kg",
      ".",
    ]);
  });

  it("drops spaces, keeps a run of line breaks and tabs as one token, and finds none in a blank text", () => {
    expect(tokenize("two  spaces\n\tand more ")).toEqual(["two", "spaces", "\n\t", "and", "more"]);
    for (const blank of ["", " ", "\n\t  "]) expect(tokenize(blank)).toEqual([]);
  });

  it("reads a word without end in pieces, none of it lost: its time would grow with the square", () => {
    const endless = "ab".repeat(50_000);
    const tokens = tokenize(`before ${endless} after`);
    expect(tokens.join("")).toBe(`before${endless}after`);
    expect(tokens.slice(1, -1).map(({ length }) => length)).toEqual(Array(100).fill(1000));
    expect(tokenize("x".repeat(999))).toEqual(["x".repeat(999)]);
  });

  it("is named, so that a number can say which tokeniser it stands on", () => {
    expect(tokenizerName).toContain("wink-nlp");
  });
});
