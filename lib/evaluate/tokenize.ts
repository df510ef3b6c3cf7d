// Texts into tokens, for the metrics that count tokens. Their numbers depend on the tokeniser, so its name goes beside
// them.
import { createRequire } from "node:module";
import type { ItemToken, Model, WinkMethods } from "wink-nlp";
import { segmentsOf } from "../text/segments.js";
import { unspacedWordRule } from "../text/words.js";

/** Splits texts into tokens. */
export interface Tokenizer {
  /** To print beside every number that depends on it. */
  readonly name: string;
  /** The tokens of a text, in order. */
  tokenize(text: string): string[];
}

/** Name of the tokeniser behind {@link tokenize}, to print beside every number that depends on it. */
export const tokenizerName = "wink-nlp (wink-eng-lite-web-model)";

let wink: WinkMethods | undefined;

// Loaded on first use: the language model takes a moment and a few MB that other users of the library should not pay.
function load(): WinkMethods {
  const require = createRequire(import.meta.url);
  const winkNlp = require("wink-nlp") as (model: Model, pipe: string[]) => WinkMethods;
  // An empty pipe: tokens only, no sentences, tags or entities.
  return winkNlp(require("wink-eng-lite-web-model") as Model, []);
}

/**
 * Characters without a space from which on they are read as several words: wink-nlp takes the square of their number.
 */
const longestWord = /\S{1000}/gu;

/** A letter that wink-nlp parts words at, since English and its neighbours in the west of Europe do not have it. */
const otherLetter = /(?![a-zA-Z\u00aa-\u00ff])\p{L}/u;
const invisible = /^[\s\p{Cf}]*$/u;

/**
 * Splits a text into words, numbers and punctuation marks: what stands between spaces and has letters of English and its
 * western neighbours (Latin-1) with wink-nlp's English tokeniser, what has any other letter as UAX 29 says, by a
 * dictionary where a script has no spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese). Case and punctuation are kept.
 * Spaces are not tokens, a run of line breaks and tabs is one. An empty or blank text has no tokens; what goes on for
 * more than 1,000 characters of English without a space has one at least every 1,000.
 * @example
 * import { tokenize } from "corrsynth/evaluate";
 * console.log(tokenize("It isn't good.")); // It, is, n't, good, .
 * console.log(tokenize("我喜欢猫。")); // 我, 喜欢, 猫, 。
 */
export function tokenize(text: string): string[] {
  if (text.trim() === "") return [];
  if (!hasOtherLetters(text)) return englishTokens(text);
  const parts: string[][] = [];
  let read = 0;
  for (const { 0: piece, index } of text.matchAll(/\S+/gu)) {
    if (!hasOtherLetters(piece)) continue;
    parts.push(englishTokens(text.slice(read, index)), unicodeTokens(piece));
    read = index + piece.length;
  }
  return [...parts, englishTokens(text.slice(read))].flat();
}

/** How the words are found that wink-nlp does not know, to print where there are such words. */
export const otherWordRule = `words of other letters than English has by ${unspacedWordRule}`;

/** Whether a text has letters that wink-nlp parts words at. */
export function hasOtherLetters(text: string): boolean {
  return otherLetter.test(text.normalize("NFC"));
}

function englishTokens(text: string): string[] {
  const tokens: string[] = [];
  if (/^ *$/.test(text)) return tokens;
  wink ??= load();
  wink
    .readDoc(text.replace(longestWord, "$& "))
    .tokens()
    .each((token: ItemToken) => tokens.push(token.out()));
  return tokens;
}

function unicodeTokens(text: string): string[] {
  return segmentsOf(text).filter((segment) => !invisible.test(segment));
}
