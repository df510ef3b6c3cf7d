import { expect, test } from "vitest";
import { contentWords, usesWord } from "../../../lib/text/content-words.js";

test.each([
  ["The plot of this film was not what I had expected.", ["plot", "film", "expected"]],
  ["A Film, a film: the FILM", ["film"]],
  ["Oil at 42 dollars, and 1234 cats", ["dollars", "cats"]],
  ["Der Aktienkurs ist nicht gestiegen", ["aktienkurs", "gestiegen"]],
  ["Le réalisateur n'est pas dans cette scène", ["réalisateur", "scène"]],
  ["这部电影的情节很精彩", ["电影", "情节", "精彩"]],
  ["Режиссёр снял прекрасный фильм", ["режиссёр", "снял", "прекрасный", "фильм"]],
  ["see https://averyveryverylonghostname.example", ["https", "example"]],
  ["that, which and with", []],
  ["", []],
])("%j has the content words %j", (text, words) => {
  expect(contentWords(text)).toEqual(words);
});

test.each([
  ["A gripping plot.", "plot", true],
  ["PLOTS within plots", "plot", true],
  ["a subplot", "plot", false],
  ["No story at all", "plot", false],
  ["这部电影很好看", "电影", true],
  ["Cafe\u0301 society", "caf\u00e9", true],
])("%j uses %j: %j", (text, word, expected) => {
  expect(usesWord(text, word)).toBe(expected);
});
