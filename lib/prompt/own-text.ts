/** The words that a chat template puts into a prompt beside its markers, such as a default system message. */
import { countWords } from "../text/segments.js";

const markers = /<[^<>\n]{1,60}>|\[\/?[A-Z_]{2,30}\]/g;
const roles = /^(?:system|developer|user|assistant|human|model)\W*$/i;
const leastWords = 3;
const mostShown = 120;

/** Those of this text; "" for fewer than three. */
export function ownText(text: string): string {
  const lines = text
    .replace(markers, "\n")
    .split("\n")
    .map((line) => line.trim());
  const words = lines.filter((line) => line !== "" && !roles.test(line)).join(" ");
  return countWords(words) < leastWords ? "" : words;
}

/** In quotation marks, its beginning at least. */
export function shown(text: string): string {
  return JSON.stringify(text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`);
}
