/** Why rows are rejected: what a filter is, what it says of a row, and what a person can do about it. */
import type { Instance } from "../instance.js";

/** Why a row is not wanted, in a word or two that the counts go by; undefined when it has nothing against it. */
export type RowFilter = (row: Instance) => string | undefined;

/** The first reason that one of the filters has, in their order. */
export function firstReason(filters: readonly RowFilter[], row: Instance): string | undefined {
  for (const filter of filters) {
    const reason = filter(row);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const remedies = new Map(
  Object.entries({
    reasoning: "switch the model's reasoning off, raise sampling.maxTokens, or set filters.reasoning to false",
    empty: "look at the prompt's end and at sampling.stop",
    unparsable: "say in the instruction how texts and probabilities are to be written, or raise sampling.maxTokens",
    unfinished: 'raise sampling.maxTokens, end rows with sampling.stop, or set filters.unfinished to "keep"',
    short: "lower filters.minTokens or filters.minWords",
    long: "raise filters.maxTokens or filters.maxWords, or lower sampling.maxTokens",
    assistant: "reword the prompt, use a base model with prompt.format raw, or set filters.assistant to false",
    "run-on": "end rows with sampling.stop, or set filters.runOns to false",
    repetition: "lower the contrast or the temperature, use a larger model, or set filters.repetition to false",
    script: "name the language in the instruction, give seeds, or set filters.script to false",
    hint: "say in the instruction that {hint} must be used, or set filters.hint to false",
    label: "reword the prompt or the label's phrase, give seeds, use a larger model, or keep more with `check.keep`",
    copy: "use more seeds or a higher temperature, or set filters.copies to false",
    duplicate: "use more seeds, attributes or a higher temperature, or set filters.duplicates to false",
    "near-duplicate":
      "use more seeds, attributes or a higher temperature, or raise filters.nearDuplicates, or set it to false",
  }),
);

/** What to do when most rows are rejected for this reason. */
export function remedy(reason: string): string {
  return remedies.get(reason) ?? "see the task's filters.reject, filters.require and filters.accept";
}
