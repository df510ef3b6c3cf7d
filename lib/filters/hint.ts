/** Texts without the word that their prompt asked them to use. */
import { usesWord } from "../text/content-words.js";
import type { RowFilter } from "./reasons.js";

/** Rejects "hint": a text that uses neither the row's {hint} nor a word that begins with it. */
export const hintFilter: RowFilter = ({ text, attributes: { hint } = {} }) =>
  hint === undefined || usesWord(text, hint) ? undefined : "hint";
