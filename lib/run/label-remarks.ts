/** Labels of which the label check rejects most rows: what is wrong with them is seldom the rows. */
import { sum } from "../numbers/sum.js";
import type { LabelCounts } from "./ledger.js";

/** A label of which the check keeps less, after so many rows at least, is worth a remark. */
const leastShare = 1 / 3;
const fewestJudged = 12;

/** @param counts  in the order of the labels. */
export function labelRemarks(
  labels: readonly { readonly name: string }[],
  counts: readonly Pick<LabelCounts, "rejected" | "takenFor">[],
): string[] {
  return counts.flatMap(({ rejected, takenFor = {} }, label) => {
    const judged = sum(Object.values(takenFor));
    const kept = judged - (rejected.label ?? 0);
    if (judged < fewestJudged || kept >= leastShare * judged) return [];
    const { name } = labels[label]!;
    const others = Object.entries(takenFor).filter(([other]) => other !== name);
    const [most] = others.sort(([, a], [, b]) => b - a);
    const share = Math.round((100 * kept) / judged);
    const taken = most === undefined ? "" : `, and takes most of the others for "${most[0]}"`;
    return [
      `The label check keeps ${kept} of ${judged} rows of "${name}" (${share} %)${taken}: the prompt or the label's ` +
        "phrase is the problem, more likely than the rows; look at them with preview",
    ];
  });
}
