/** The task's own regular expressions. */
import type { Pattern } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";

/** Characters of a text that are tested, so that a pattern which takes quadratic time stays bearable. */
const tested = 10_000;

/** Rejects a text under the name of the first pattern that matches it. */
export function rejectFilter(patterns: readonly Pattern[]): RowFilter {
  return firstThat(patterns, true);
}

/** Rejects a text under the name of the first pattern that does not match it. */
export function requireFilter(patterns: readonly Pattern[]): RowFilter {
  return firstThat(patterns, false);
}

function firstThat(patterns: readonly Pattern[], matches: boolean): RowFilter {
  const compiled = patterns.map(({ name, pattern, flags }) => ({ name, expression: new RegExp(pattern, flags) }));
  return ({ text }) => {
    const beginning = text.slice(0, tested);
    return compiled.find(({ expression }) => expression.test(beginning) === matches)?.name;
  };
}
