/** The tokens of a group's prompts, and where they are cut so that groups get the same of what they share. */
import type { Teacher } from "../engine/teacher.js";
import type { Group } from "../prompt/group.js";
import type { Prepared } from "./prepare.js";
import { tokenizeRows } from "./second-model.js";

/** By row of the shape; of a row that is not there no tokens. */
export interface RowTokens {
  readonly tokens: readonly Int32Array[];
  /** Places in each, ascending, before which it is what other groups have as well; undefined where none share any. */
  readonly cuts?: readonly Int32Array[] | undefined;
}

/** What the engine is given of a row that a group lacks. */
const absentRow = new Int32Array();

/** @param group  with rows that it lacks, their prompts left out of account. */
export async function rowTokens(teacher: Teacher, prepared: Prepared, group: Group): Promise<RowTokens> {
  const tokens = await tokenizeRows(teacher, prepared, group.prompts);
  const beginnings: Int32Array[][] = [];
  for (const prompts of group.beginnings) beginnings.push(await tokenizeRows(teacher, prepared, prompts));
  const cuts = tokens.map((own, m) =>
    cutsOf(
      own,
      beginnings.map((rows) => rows[m]!),
    ),
  );
  return withoutAbsent({ tokens, cuts: beginnings.length > 0 ? cuts : undefined }, group.present);
}

/** Without the rows that are not there. */
export function withoutAbsent({ tokens, cuts }: RowTokens, present: readonly boolean[] | undefined): RowTokens {
  if (present === undefined) return { tokens, cuts };
  const there = (rows: readonly Int32Array[]) => rows.map((row, m) => (present[m] ? row : absentRow));
  return { tokens: there(tokens), cuts: cuts && there(cuts) };
}

/** Tokens that both begin with. */
export function commonTokens(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  let n = 0;
  while (n < most && a[n] === b[n]) n++;
  return n;
}

function cutsOf(own: Int32Array, others: readonly Int32Array[]): Int32Array {
  const places = new Set(others.map((other) => commonTokens(own, other)));
  return Int32Array.from([...places].filter((place) => place > 0 && place < own.length).sort((a, b) => a - b));
}
