/** Rows that reached the token limit before they ended. */
import type { Instance } from "../instance.js";
import type { Filters } from "../task/spec.js";
import { wholeSentences } from "../text/segments.js";

/** The row as it is to be taken, shortened where that is asked for; undefined where nothing of it is. */
export function finished(row: Instance, how: Filters["unfinished"]): Instance | undefined {
  if (row.ending !== "length" || how === "keep") return row;
  if (how === "drop") return undefined;
  const text = wholeSentences(row.text);
  if (text === row.text) return row; // the limit came just behind a sentence
  return text === "" ? undefined : { ...row, text, cut: true };
}
