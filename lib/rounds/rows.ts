// The rows of rounds: read from their directories, without what repeats rows of earlier rounds.
import { join } from "node:path";
import { Fingerprint, SeenTexts } from "../near/seen-texts.js";
import { readRun } from "../store/read-run.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { RoundRow } from "./policy.js";

/** A row, and the line that it has in its round's data.jsonl. */
export interface StoredRow extends RoundRow {
  readonly instance: Readonly<Record<string, unknown>>;
}

/** Directory of a round. */
export function roundPath(directory: string, round: number): string {
  return join(directory, `round-${round}`);
}

/**
 * The rows of a round that is done.
 * @param textOf  text of a context by the id that rows have.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when they are not as its journal says.
 */
export async function readRound(
  directory: string,
  round: number,
  textOf: ReadonlyMap<string, string>,
): Promise<StoredRow[]> {
  const { rows } = await readRun(roundPath(directory, round), { reviewed: false });
  return rows.map(({ text, label, fields }) => {
    const {
      id,
      attributes = {},
      context,
    } = fields as { id?: string; attributes?: Record<string, string>; context?: string };
    const ofContext = context === undefined ? undefined : textOf.get(context);
    const own = { ...attributes, ...(ofContext === undefined ? {} : { context: ofContext }) };
    return { id: `${round}:${id}`, round, text, label, fields: own, instance: fields };
  });
}

/** Ids of the rows of a round that repeat those of earlier ones, by the task's own filters of repeats. */
export function repeatsOf(
  earlier: readonly RoundRow[],
  rows: readonly RoundRow[],
  { duplicates, nearDuplicates }: Pick<ResolvedSpec["filters"], "duplicates" | "nearDuplicates">,
): string[] {
  if (!duplicates) return [];
  const seen = new SeenTexts(nearDuplicates);
  for (const { text } of earlier) seen.add(new Fingerprint(text));
  return rows.filter(({ text }) => seen.find(new Fingerprint(text)) !== undefined).map(({ id }) => id);
}
