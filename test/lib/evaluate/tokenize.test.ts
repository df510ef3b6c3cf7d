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

  it("is named, so that a number can say which tokeniser it stands on", () => {
    expect(tokenizerName).toContain("wink-nlp");
  });
});
