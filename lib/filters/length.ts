/** Rows that are too short or too long. */
import type { Filters } from "../task/spec.js";
import { countWords } from "../text/segments.js";
import type { RowFilter } from "./row-filter.js";

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
