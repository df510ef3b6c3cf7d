/** Which rows a group needs that is made for a few labels only: theirs, and those that they are contrasted with. */
import type { GroupShape } from "./coupling.js";

/**
 * Labels that a top-up group of a method which contrasts labels has at least, where the task has as many: as many as AG
 * News. A row is contrasted with the mean over the other labels; of three it is a mean, of one it would be a rival.
 */
export const fewestLabels = 4;

/**
 * The rows of a group that is made for some labels. They are all R rows of each of these labels and the rows that these
 * are contrasted with: rows of their own label, the rows that a matrix couples them with, the contrast rows of CFG and
 * context-aware decoding; and of rows of other labels, where fewer than {@link fewestLabels} are missing, those of as many
 * labels as that lacks, drawn by `sample`. Rows of a label that is full serve as partners; what they write is surplus.
 *
 * So with up to four labels Cross and Hybrid groups are always whole. With more, a row of a top-up group has the same
 * total contrast as any other, spread over the labels that are there; so it is with CFG, where the partners' prompts are
 * there and not the partners. For FewGen, Intra, context-aware decoding and a matrix nothing changes.
 * @param missing  labels that lack instances, at least one.
 * @param sample  `count` different integers of 0..n − 1.
 * @returns for each row of the shape, whether it is there.
 */
export function topUpRows(
  shape: GroupShape,
  missing: ReadonlySet<number>,
  sample: (n: number, count: number) => readonly number[],
): boolean[] {
  const isWanted = (m: number) => m < shape.generating && missing.has(shape.rows[m]!.label);
  const sets = shape.sets.filter(({ row }) => isWanted(row));
  const isOfAnother = (row: number, member: number) => shape.rows[member]!.label !== shape.rows[row]!.label;
  const labels = new Set(missing);
  const contrastsLabels = sets.some(
    ({ row, members }) => members.length > 1 && members.some((n) => isOfAnother(row, n)),
  );
  if (contrastsLabels) for (const label of drawnLabels(shape, missing, sample)) labels.add(label);
  const present = shape.rows.map((_, m) => isWanted(m));
  for (const { members } of sets) {
    for (const n of members) if (members.length === 1 || labels.has(shape.rows[n]!.label)) present[n] = true;
  }
  for (const [n, { source, follows }] of shape.rows.entries()) if (source === 1) present[n] = present[follows]!;
  return present;
}

function drawnLabels(
  { rows }: GroupShape,
  missing: ReadonlySet<number>,
  sample: (n: number, count: number) => readonly number[],
): number[] {
  const others = [...new Set(rows.map(({ label }) => label))].filter((label) => !missing.has(label));
  const count = Math.min(others.length, Math.max(0, fewestLabels - missing.size));
  return sample(others.length, count).map((position) => others[position]!);
}
