// The rows that a review shows, and which decisions about them can be taken.
import { InvalidConfigError, invalidField } from "../errors.js";
import { parseDecision, type RowDecision } from "../files/review.js";
import { readRejected } from "../store/read-rejected.js";
import { readRun } from "../store/read-run.js";

/** A row of the run, as it was written. */
export interface ReviewRow {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** Of a run with a label check: how sure it was, 0..1. */
  readonly probability?: number;
}

/** A row that the run's filters refused. */
export interface RefusedRow {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly reason: string;
}

/** What a page shows. */
export interface ReviewRows {
  readonly labels: readonly string[];
  readonly rows: readonly ReviewRow[];
  /** None where the run keeps none. */
  readonly refused: readonly RefusedRow[];
}

/** A text that a person wrote has at most so many characters. */
export const longestText = 100_000;

const loneSurrogate = /\p{Cs}/u;

/**
 * Reads the rows of a run, whether it has ended or not.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `readRun`, and for rows without ids.
 */
export async function readReviewRows(directory: string): Promise<ReviewRows> {
  const { rows, manifest } = await readRun(directory, { reviewed: false });
  const { labels: known } = (manifest?.settings ?? {}) as { labels?: readonly { readonly name: string }[] };
  const labels = known?.map(({ name }) => name) ?? [...new Set(rows.map(({ label }) => label))];
  return {
    labels,
    rows: rows.map(({ text, label, line, fields: { id, labelProbability } }) => {
      if (typeof id !== "string")
        throw invalidField(`${directory}/data.jsonl:${line}`, 'Expected a row with an "id", as a run writes it');
      return { id, label, text, ...(typeof labelProbability === "number" ? { probability: labelProbability } : {}) };
    }),
    refused: await refusedRows(directory),
  };
}

async function refusedRows(directory: string): Promise<RefusedRow[]> {
  const refused: RefusedRow[] = [];
  try {
    for await (const { id, label, text, reason, takenFor } of readRejected(directory)) {
      refused.push({ id, label, text, reason: takenFor === undefined ? reason : `${reason}: taken for ${takenFor}` });
    }
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error; // it keeps none
  }
  return refused;
}

/**
 * A decision that a page sent.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is none, or of a row or a label that is not there.
 */
export function checkDecision(value: unknown, { labels, rows }: ReviewRows): RowDecision {
  const decision = parseDecision(value, "decision");
  const row = rows.find(({ id }) => id === decision.row);
  if (row === undefined) throw invalidField("row", "Expected the id of a row of this run, received another");
  if (decision.label !== null && !labels.includes(decision.label)) {
    throw invalidField("label", `Expected one of ${labels.map((label) => `"${label}"`).join(", ")}, received another`);
  }
  const text = decision.text?.trim() ?? null;
  if (text !== null && (text === "" || text.length > longestText || loneSurrogate.test(text))) {
    throw invalidField("text", `Expected a text of 1 to ${longestText} characters that is not blank, received another`);
  }
  return {
    ...decision,
    label: decision.label === row.label ? null : decision.label,
    text: text === row.text ? null : text,
  };
}
