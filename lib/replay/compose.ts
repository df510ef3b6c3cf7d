/** The group of a row, made again from the task: its labels, prompts and examples as the run had them. */
import { NotReproducibleError } from "../errors.js";
import { labelSets } from "../methods/label-sets.js";
import { topUpRows } from "../methods/top-up.js";
import { sum } from "../numbers/sum.js";
import type { Group } from "../prompt/group.js";
import { RandomStream } from "../random.js";
import { addTallies, type LabelTally } from "../run/ledger.js";
import type { Prepared } from "../run/prepare.js";
import type { FoundRow } from "./stored-row.js";

/**
 * Whole groups depend on the task and their number alone. Those that made up for rejected rows have the labels that lacked
 * some, which is read off the journal; and whatever was made is compared with the rows that the run kept of the group.
 * @throws {NotReproducibleError} CORRSYNTH_NOT_REPRODUCIBLE when the group was another.
 */
export function composeGroup(prepared: Prepared, found: FoundRow): Group {
  for (const row of found.accepted) prepared.taboo?.see(row);
  const candidates = [() => prepared.factory.build(found.group), ...topUps(prepared, found)];
  let problem = "";
  for (const make of candidates) {
    const group = make();
    const own = difference(prepared, group, found);
    if (own === undefined) return group;
    problem ||= own;
  }
  throw new NotReproducibleError([{ path: `group ${found.group}`, message: problem }]);
}

// Groups that are made for some labels, as the run may have made this one.
function topUps(prepared: Prepared, { group, entry, before }: FoundRow): (() => Group)[] {
  const { spec, shape, factory } = prepared;
  const there = labelsWith(entry.labels, (tally) => rowsIn(tally) > 0);
  const made =
    before.length === 0
      ? []
      : addTallies(
          before.map(({ labels }) => labels),
          spec.labels.length,
        );
  const missing = spec.count.map((count, label) => count - (made[label]?.accepted ?? 0));
  const lacking = [...missing.keys()].filter((label) => missing[label]! > 0);
  const sizes = labelSets(spec.method, spec.labels.length);
  if (sizes.groups > 1) {
    const byNeed = lacking.sort((a, b) => missing[b]! - missing[a]!).slice(0, sizes.labels);
    return [byNeed, there].filter(({ length }) => length > 0).map((labels) => () => factory.build(group, labels));
  }
  return [there, lacking]
    .filter(({ length }) => length > 0)
    .map((labels) => () => {
      const stream = new RandomStream(BigInt(spec.sampling.seed), group, "partners", 0);
      const present = topUpRows(shape, new Set(labels), (n, count) => stream.sample(n, count));
      return { ...factory.build(group), present };
    });
}

function labelsWith(tallies: readonly LabelTally[], test: (tally: LabelTally) => boolean): number[] {
  return tallies.flatMap((tally, label) => (test(tally) ? [label] : []));
}

function rowsIn({ accepted, surplus, rejected }: LabelTally): number {
  return accepted + surplus + sum(Object.values(rejected));
}

// What of the group is not as the run had it, for people; undefined where nothing is.
function difference({ spec, shape }: Prepared, group: Group, { entry, kept }: FoundRow): string | undefined {
  const rows = spec.labels.map(() => 0);
  const isThere = (m: number) => m < shape.generating && group.present?.[m] !== false;
  for (const [m, label] of group.labels.entries()) if (isThere(m)) rows[label]!++;
  for (const [label, tally] of entry.labels.entries()) {
    if (rowsIn(tally) === rows[label]) continue;
    const name = JSON.stringify(spec.labels[label]?.name ?? label);
    return (
      `Expected ${rowsIn(tally)} rows of ${name}, as the journal counts them, the group comes to ${rows[label] ?? 0}: ` +
      "it made up for rejected rows, and which labels lacked some is not known any more"
    );
  }
  for (const [m, { label, examples }] of kept) {
    const own = isThere(m) ? spec.labels[group.labels[m]!]?.name : undefined;
    if (own !== label)
      return `Expected row ${m} to be of ${JSON.stringify(label)}, the group comes to ${own ?? "none"}`;
    const drawn = group.examples[m] ?? [];
    if (examples === undefined || examples.join("\n") === drawn.join("\n")) continue;
    const list = (ids: readonly string[]) => ids.join(", ") || "none";
    return `Expected row ${m} to have the examples ${list(examples)}, the seeds come to ${list(drawn)}: they are others`;
  }
  return undefined;
}
