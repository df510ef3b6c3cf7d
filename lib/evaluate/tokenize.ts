// Texts into tokens, for the metrics that count tokens. Their numbers depend on the tokeniser, so its name goes beside
// them.
import { createRequire } from "node:module";
import type { ItemToken, Model, WinkMethods } from "wink-nlp";

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

/**
 * Splits a text into words, numbers and punctuation marks with wink-nlp's English tokeniser. Case and punctuation are
 * kept. Spaces are not tokens, a run of line breaks and tabs is one. An empty or blank text has no tokens; what goes on
 * for more than 1,000 characters without a space has one at least every 1,000.
 */
export function tokenize(text: string): string[] {
  if (text.trim() === "") return [];
  wink ??= load();
  const tokens: string[] = [];
  wink
    .readDoc(text.replace(longestWord, "$& "))
    .tokens()
    .each((token: ItemToken) => tokens.push(token.out()));
  return tokens;
}
