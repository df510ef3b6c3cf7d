// review.jsonl: what a person decided of a run's rows. data.jsonl stays as it was written; whoever reads the rows for people
// or for training applies the decisions.
import { join } from "node:path";
import { z } from "zod";
import { invalidField } from "../errors.js";
import { replaceFile } from "./atomic-write.js";
import { parseLines } from "./jsonl.js";
import { jsonLine } from "./jsonl-writer.js";
import { isThere, regularChunks } from "./regular-file.js";

/** Name of the file in a run directory. */
export const reviewName = "review.jsonl";

/** What a person decided of one row, as a whole: a later decision of the same row takes its place. */
export interface RowDecision {
  /** Id of the row. */
  readonly row: string;
  /** It is left out. */
  readonly rejected: boolean;
  /** Its right label; null for that which it has. */
  readonly label: string | null;
  /** Its right text; null for that which it has. */
  readonly text: string | null;
  /** When it was made, ISO 8601; a decision without a time is older than any with one. */
  readonly at?: string | undefined;
}

const schema = z.object({
  row: z.string(),
  rejected: z.boolean(),
  label: z.string().nullable(),
  text: z.string().min(1).nullable(),
  at: z.string().optional(),
});

/** Rows by what was decided of them; one that is rejected counts as nothing else. */
export interface ReviewCounts {
  readonly rejected: number;
  readonly relabelled: number;
  readonly edited: number;
}

/** The decisions that are in force. */
export class Review {
  readonly #decisions = new Map<string, RowDecision>();
  /** Decisions that a row is as it was written after all: nothing to apply, and newer than what others may still say. */
  readonly #undone = new Map<string, RowDecision>();
  /** Lines that a killed process has left half written. */
  halfWritten = 0;

  /** Whether all rows are as they were written. */
  get isEmpty(): boolean {
    return this.#decisions.size === 0;
  }

  /** Takes the place of what was decided of the row before. */
  take({ row, rejected, label, text, at }: RowDecision): void {
    const decision = { row, rejected, label, text, ...(at === undefined ? {} : { at }) };
    const isUndone = !rejected && label === null && text === null;
    (isUndone ? this.#decisions : this.#undone).delete(row);
    (isUndone ? this.#undone : this.#decisions).set(row, decision);
  }

  /** Takes it as far as what is decided of the row so far is not newer. */
  takeNewer(decision: RowDecision): void {
    const known = this.#decisions.get(decision.row) ?? this.#undone.get(decision.row);
    if (known === undefined || timeOf(decision) >= timeOf(known)) this.take(decision);
  }

  /** What is decided of a row; undefined of one that is as it was written. */
  of(row: string): RowDecision | undefined {
    return this.#decisions.get(row);
  }

  /** All that is decided, a row once. */
  get decisions(): RowDecision[] {
    return [...this.#decisions.values()];
  }

  /** The last decision of each row, also that it is as it was written. */
  get last(): RowDecision[] {
    return [...this.#decisions.values(), ...this.#undone.values()];
  }

  get counts(): ReviewCounts {
    const kept = this.decisions.filter(({ rejected }) => !rejected);
    return {
      rejected: this.#decisions.size - kept.length,
      relabelled: kept.filter(({ label }) => label !== null).length,
      edited: kept.filter(({ text }) => text !== null).length,
    };
  }

  /**
   * The fields of a row as the person wants them; undefined of one that is rejected. Whoever looked at a row is sure of its label:
   * where it has `labelProbability` or `labelProbabilities`, they become 1 for the label, and 0 for the others.
   */
  apply<Fields extends Readonly<Record<string, unknown>>>(fields: Fields): Fields | undefined {
    const decision = typeof fields.id === "string" ? this.#decisions.get(fields.id) : undefined;
    if (decision === undefined) return fields;
    if (decision.rejected) return undefined;
    const label = decision.label ?? fields.label;
    return { ...fields, ...sure(fields, label), label, text: decision.text ?? fields.text };
  }
}

function timeOf({ at = "" }: RowDecision): number {
  const time = Date.parse(at);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

function sure({ labelProbability, labelProbabilities }: Readonly<Record<string, unknown>>, label: unknown): object {
  const ofAll = Object.keys(labelProbabilities ?? {}).map((name) => [name, name === label ? 1 : 0]);
  return {
    ...(labelProbability === undefined ? {} : { labelProbability: 1 }),
    ...(labelProbabilities === undefined ? {} : { labelProbabilities: Object.fromEntries(ofAll) }),
  };
}

/**
 * Reads the decisions of a run directory; none where there is no file.
 * @param bytes  of the file that count, default all.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `file:line` as path, at a whole line that is no decision.
 */
export async function readReview(directory: string, bytes?: number): Promise<Review> {
  const path = join(directory, reviewName);
  const review = new Review();
  if (!(await isThere(path))) return review;
  for await (const line of parseLines(path, "object", regularChunks(path, bytes))) {
    if (line.value === undefined) {
      if (line.problem !== undefined) review.halfWritten++;
      continue;
    }
    review.take(parseDecision(line.value, `${path}:${line.number}`));
  }
  return review;
}

/**
 * @param place  where it stands.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is no decision.
 */
export function parseDecision(value: unknown, place: string): RowDecision {
  const decision = schema.safeParse(value);
  if (decision.success) return decision.data;
  const message =
    'Expected a decision as review writes it: {"row", "rejected", "label", "text"}, received other fields';
  throw invalidField(place, message);
}

/**
 * Takes the decisions of runs into the directory that their rows were joined in. Of several about one row the newest holds,
 * whichever directory it is in; of equally old ones, and of those without a time, that of the runs.
 * @throws as {@link readReview}; Node's own error when it cannot be written.
 */
export async function carryReviews(from: readonly string[], to: string): Promise<void> {
  const all = new Review();
  for (const directory of [to, ...from])
    for (const decision of (await readReview(directory)).last) all.takeNewer(decision);
  await writeReview(to, all);
}

/**
 * Writes the last decision of each row in the place of those that the directory has.
 * @throws Node's own error when it cannot be written.
 */
export async function writeReview(directory: string, review: Review): Promise<void> {
  if (review.last.length === 0) return;
  await replaceFile(join(directory, reviewName), review.last.map(jsonLine).join(""));
}

/** What a person should know of rows that are read with decisions applied. */
export function reviewNotes(review: Review): string[] {
  const { rejected, relabelled, edited } = review.counts;
  const parts = [
    [rejected, "rejected"],
    [relabelled, "with another label"],
    [edited, "edited"],
  ] as const;
  const told = parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  return [
    ...(told.length === 0 ? [] : [`Reviewed by a person: ${told.join(", ")} (${reviewName})`]),
    ...(review.halfWritten === 0
      ? []
      : [`${review.halfWritten} half-written lines of ${reviewName} were left out, as a killed process leaves them`]),
  ];
}
