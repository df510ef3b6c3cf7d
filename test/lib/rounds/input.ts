/** What a policy is told, by hand: rows as pairs of label and text. */
import type { GivenText, PolicyInput, RoundRow } from "../../../lib/rounds/policy.js";
import { proxyStudent } from "../../../lib/rounds/round-student.js";

export type Pair = readonly [label: string, text: string];

export function given(pairs: readonly Pair[], prefix: string): (GivenText & { readonly label: string })[] {
  return pairs.map(([label, text], i) => ({ id: `${prefix}${i}`, text, label, fields: {} }));
}

export function rowsOf(pairs: readonly Pair[], round = 1): RoundRow[] {
  return pairs.map(([label, text], i) => ({ id: `${round}:${i}`, round, text, label, fields: {} }));
}

export function input(changes: Partial<PolicyInput>): PolicyInput {
  const { labels = ["fruit", "tool"] } = changes;
  return {
    round: 2,
    labels,
    wanted: labels.map(() => 4),
    rows: [],
    student: proxyStudent(labels),
    seeds: [],
    contexts: [],
    validation: [],
    shots: 2,
    seed: 7,
    ...changes,
  };
}

/** Eight rows that are easy to tell apart, four of a label. */
export const easy: readonly Pair[] = [
  ...["red apple", "green apple", "ripe apple", "old apple"].map((text) => ["fruit", text] as const),
  ...["red saw", "green saw", "sharp saw", "old saw"].map((text) => ["tool", text] as const),
];
