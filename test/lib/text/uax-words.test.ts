import fc from "fast-check";
import { expect, it } from "vitest";
import { normalise } from "../../../lib/text/normalise.js";
import { wordSpans } from "../../../lib/text/segments.js";
import { uaxWords } from "../../../lib/text/uax-words.js";

it.each([
  ["It's 3.14, not 1,000.5; A.B: c_d e-f", ["it's", "3.14", "not", "1,000.5", "a.b", "c_d", "e", "f"]],
  ["Zürich’s café — 你好世界", ["zürich’s", "café", "你好", "世界"]],
  ["ÉCOLE e\u0301cole", ["école", "école"]],
  ["_ __ ...", ["__"]],
  ["", []],
])("of %j are %j", (text, words) => expect(uaxWords(text)).toEqual(words));

it("are those of the segmenter, whatever the text", () => {
  const sign = fc.constantFrom(...Array.from('abZ019_ .,;:\'"-\n\t$@/(é你好’\u0301ไทยא"ア'));
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 24 }), (signs) => {
      const text = normalise(signs.join(""));
      expect(uaxWords(text)).toEqual(wordSpans(text).map(({ word }) => word));
    }),
    { numRuns: 3000 },
  );
});
