// rounds.json: what the rounds of a directory are of, and what each took from those before. Written at once, before a round begins.
import { join } from "node:path";
import { z } from "zod";
import { eachOnce, parseWith } from "../checks/issues.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { replaceFile } from "../files/atomic-write.js";
import { parseJson } from "../files/json.js";
import { readRegular } from "../files/regular-file.js";
import { differences } from "../store/differences.js";
import type { RunDescription } from "../store/manifest.js";

const ids = z.array(z.string()).readonly();
const file = z.object({
  /** Name in the directory. */
  file: z.string().regex(/^round-\d+\.(seeds|contexts)\.jsonl$/),
  /** Texts in it. */
  texts: z.int().min(0),
  /** Ids of those that are rows of earlier rounds, `1:12.3` row 12.3 of round 1. */
  rows: ids,
});
const taken = z.object({
  /** Ids of rows that were dropped when it was decided: they repeat earlier ones, or the policy dropped them. */
  dropped: z.object({ repeat: ids, policy: ids }),
  /** What was measured on the way. */
  figures: z.record(z.string(), z.number()),
});
const round = taken.extend({
  round: z.int().min(1),
  /** Rows that it is to make, in the order of the labels. */
  count: z.array(z.int().min(0)).readonly(),
  seed: z.union([z.string(), z.number()]),
  /** In-context examples and contexts; null of the task's own. */
  seeds: file.nullable(),
  contexts: file.nullable(),
});
const schema = z.looseObject({
  format: z.literal(1),
  policy: z.string(),
  rounds: z.array(round).readonly(),
  /** What was decided when the last round was made: of how many, and the weights of the rows by id. */
  end: taken.extend({ rounds: z.int().min(1), weights: z.record(z.string(), z.number()).nullable() }).nullable(),
  /** Rounds whose rows the dataset has; null before it is written. */
  dataset: z.int().min(1).nullable(),
});

/** What a round took from those before. */
export type RoundRecord = z.output<typeof round>;
/** What became of the rows when the last round was made. */
export type EndRecord = NonNullable<z.output<typeof schema>["end"]>;

/** `rounds.json`. */
export interface RoundsRecord extends RunDescription {
  /** Version of this layout. */
  readonly format: 1;
  readonly policy: string;
  readonly rounds: readonly RoundRecord[];
  readonly end: EndRecord | null;
  readonly dataset: number | null;
}

/** Name of the file in its directory. */
export const recordName = "rounds.json";
const largest = 1024; // MiB

/**
 * What the directory's rounds.json says; undefined where there is none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is malformed.
 */
export async function readRecord(directory: string): Promise<RoundsRecord | undefined> {
  const path = join(directory, recordName);
  const content = await readRegular(path, largest);
  if (content === undefined) return undefined;
  let value: unknown;
  try {
    value = parseJson(content.toString("utf8"));
  } catch (cause) {
    throw invalidField(path, `Expected JSON, as rounds write it (${(cause as Error).message})`, { cause });
  }
  const parsed = parseWith(schema, value);
  if (!("issues" in parsed)) return value as RoundsRecord;
  const issues = parsed.issues.map((issue): ConfigIssue => ({ ...issue, path: `${path}: ${issue.path}` }));
  throw new InvalidConfigError([
    ...eachOnce(issues),
    { path, message: "Expected what rounds wrote, received other text: restore the file, or choose another directory" },
  ]);
}

/** @throws Node's own error when it cannot be written; whoever reads it meanwhile finds the old one. */
export async function writeRecord(directory: string, record: RoundsRecord): Promise<void> {
  await replaceFile(join(directory, recordName), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Makes sure that the rounds of a directory are those that are asked for, or fewer of them.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each difference, and what to do.
 */
export function checkSameRounds(
  directory: string,
  stored: RoundsRecord,
  wanted: RunDescription,
  { policy, rounds }: { readonly policy: string; readonly rounds: number },
): void {
  const found = differences(stored, wanted, { mayGrow: true });
  const expect = (path: string, message: string) => found.push({ path, message });
  if (stored.policy !== policy) expect("policy", `Expected "${stored.policy}", received "${policy}"`);
  if (rounds < stored.rounds.length) {
    expect("rounds", `Expected at least the ${stored.rounds.length} that have begun, received ${rounds}`);
  }
  const grows = differences(stored, wanted).some(({ path }) => path === "count" || path.startsWith("count["));
  if (grows && rounds === stored.rounds.length) {
    expect("count", `Expected more than ${rounds} rounds with a larger count, since those there are keep theirs`);
  }
  if (found.length === 0) return;
  const message =
    `Expected the task, the model and the policy of the rounds that ${directory} holds, received others: undo the ` +
    "changes above (more rounds may be asked for, and with them more rows), or choose another directory";
  throw new InvalidConfigError([...found, { path: "", message }]);
}
