// What of a text counts when texts are compared: for duplicates, copies, and how alike two are.
import { wordsIn } from "./words.js";

/**
 * The text that exact duplicates share: Unicode NFC, lower case, each run of white space one space, none at the ends.
 */
export function normalise(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();
}

/** The words of a normalised text, without punctuation; a text without any is itself one. */
export function wordsOf(normal: string): string[] {
  const words = wordsIn(normal);
  return words.length === 0 ? [normal] : words;
}
