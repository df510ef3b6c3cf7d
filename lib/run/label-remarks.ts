/** Labels of which few rows stay: what is wrong with them is seldom the rows. */
import { sum } from "../numbers/sum.js";
import type { LabelCounts } from "./ledger.js";

/** A label of which less is kept, after so many rows at least, is worth a remark. */
const leastShare = 1 / 3;
const fewestJudged = 12;

type Counts = Pick<LabelCounts, "accepted" | "surplus" | "rejected" | "takenFor">;

/** @param counts  in the order of the labels. */
export function labelRemarks(labels: readonly { readonly name: string }[], counts: readonly Counts[]): string[] {
  return counts.flatMap((count, label) => {
    const { name } = labels[label]!;
    return checkRemark(name, count) ?? filterRemark(name, count) ?? [];
  });
}

function checkRemark(name: string, { rejected, takenFor = {} }: Counts): string | undefined {
  const judged = sum(Object.values(takenFor));
  const kept = judged - (rejected.label ?? 0);
  if (judged < fewestJudged || kept >= leastShare * judged) return undefined;
  const most = largest(Object.entries(takenFor).filter(([other]) => other !== name));
  const taken = most === undefined ? "" : `, and takes most of the others for "${most}"`;
  return (
    `The label check keeps ${kept} of ${judged} rows of "${name}" (${percent(kept, judged)} %)${taken}: the prompt or the label's ` +
    "phrase is the problem, more likely than the rows; look at them with preview"
  );
}

function filterRemark(name: string, { accepted, surplus, rejected }: Counts): string | undefined {
  const kept = accepted + surplus;
  const judged = kept + sum(Object.values(rejected));
  if (judged < fewestJudged || kept >= leastShare * judged) return undefined;
  return (
    `${kept} of ${judged} rows of "${name}" pass the filters (${percent(kept, judged)} %), most of the others are rejected as ` +
    `"${largest(Object.entries(rejected))}": look at them with preview; filters.keepRejected keeps them`
  );
}

const percent = (part: number, whole: number) => Math.round((100 * part) / whole);

/** The name with the largest count, of equal ones the first. */
function largest(counts: readonly (readonly [string, number])[]): string | undefined {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
