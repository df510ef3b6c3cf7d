// The words of a text as metrics and near duplicates compare them: letters and digits alone, whatever the script.
import { wordSpans } from "./segments.js";

/** Scripts that leave no space between words, and for which ICU has a dictionary of words. */
export const unspacedScripts = ["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"] as const;

const unspaced = new RegExp(`[${unspacedScripts.map((script) => `\\p{sc=${script}}`).join("")}]`, "u");
const run = /[\p{L}\p{N}\p{M}]+/gu;

/** Whether a text has a letter of a script without spaces, whose words are found by a dictionary. */
export function isUnspaced(text: string): boolean {
  return unspaced.test(text);
}

/**
 * The words of a text: runs of letters, digits and marks. Runs in which a script has no spaces are parted as UAX 29
 * says, by a dictionary. Case stays as it is; punctuation is none, and parts what it stands in: "it's" is two words.
 */
export function wordsIn(text: string): string[] {
  const runs: string[] = text.match(run) ?? [];
  if (!isUnspaced(text)) return runs;
  return runs.flatMap((letters) => (isUnspaced(letters) ? wordSpans(letters).map(({ word }) => word) : [letters]));
}

/** Who says what a word is where a script has no spaces. Another version's dictionary may find other words. */
export const unspacedWordRule = `UAX 29 (ICU ${process.versions.icu})`;
