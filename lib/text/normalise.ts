// What of a text counts when texts are compared: for duplicates, copies, and how alike two are.

/**
 * The text that exact duplicates share: Unicode NFC, lower case, each run of white space one space, none at the ends.
 */
export function normalise(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();
}

// Runs of letters, digits and marks. Scripts without spaces between words give a word per character.
const word =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{N}\p{M}])+/gu;

/** The words of a normalised text, without punctuation; a text without any is itself one. */
export function wordsOf(normal: string): string[] {
  return normal.match(word) ?? [normal];
}
