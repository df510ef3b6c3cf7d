/** Filters that look at the words of a row and nothing else: its end, its length, the task's patterns. */
import type { Instance } from "../instance.js";
import type { Filters, Pattern } from "../task/spec.js";
import { linearPattern } from "../text/pattern.js";
import { countWords, wholeSentences } from "../text/segments.js";
import type { RowFilter } from "./reasons.js";

/**
 * A row that reached the token limit before it ended, as it is to be taken: shortened where that is asked for,
 * undefined where nothing of it is. Any other row as it is.
 */
export function finished(row: Instance, how: Filters["unfinished"]): Instance | undefined {
  if (row.ending !== "length" || how === "keep") return row;
  if (how === "drop") return undefined;
  const text = wholeSentences(row.text);
  if (text === row.text) return row; // the limit came just behind a sentence
  return text === "" ? undefined : { ...row, text, cut: true };
}

/** Rejects as "short" or "long" what is outside the limits, which are in. */
export function lengthFilter({ minTokens, maxTokens, minWords, maxWords }: Filters): RowFilter {
  const checksWords = minWords > 0 || maxWords !== undefined;
  return ({ tokens, text }) => {
    const words = checksWords ? countWords(text) : 0;
    if (tokens < minTokens || words < minWords) return "short";
    if (tokens > (maxTokens ?? tokens) || words > (maxWords ?? words)) return "long";
    return undefined;
  };
}

/** Rejects a text under the name of the first pattern that matches it. */
export function rejectFilter(patterns: readonly Pattern[]): RowFilter {
  return firstThat(patterns, true);
}

/** Rejects a text under the name of the first pattern that does not match it. */
export function requireFilter(patterns: readonly Pattern[]): RowFilter {
  return firstThat(patterns, false);
}

/** Characters of a text that are tested, so that even the largest pattern takes a few seconds at most. */
const tested = 10_000;

function firstThat(patterns: readonly Pattern[], matches: boolean): RowFilter {
  const compiled = patterns.map(({ name, pattern, flags }) => ({ name, expression: linearPattern(pattern, flags) }));
  return ({ text }) => {
    const beginning = text.slice(0, tested);
    return compiled.find(({ expression }) => expression.test(beginning) === matches)?.name;
  };
}
