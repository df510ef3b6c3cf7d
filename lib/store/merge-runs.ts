// Joins the runs of several machines into one dataset, group by group in the order of their numbers.
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { carryReviews } from "../files/review.js";
import { Fingerprint } from "../near/seen-texts.js";
import { sum } from "../numbers/sum.js";
import { addTallies, type LabelTally } from "../run/ledger.js";
import type { JournalEntry } from "./journal.js";
import { describeWhole, type Part, readPart, rejectedOf, rowsOf, unlike } from "./merge-part.js";
import { type MissingRows, mergeShards } from "./merge-shards.js";
import { RunDirectory } from "./run-directory.js";

/**
 * What a merge came to.
 * @inline
 */
export interface Merged {
  readonly rows: number;
  readonly groups: number;
  readonly labels: Readonly<Record<string, LabelTally>>;
  /**
   * Rows whose text is, up to Unicode form, case and white space, that of an earlier row of another run: what each run
   * by itself could not see. They are in the dataset all the same, since the counts were promised. Of shards always 0:
   * there `filters.duplicates` decides.
   */
  readonly duplicates: number;
  /** Of shards: what is still missing, and how to come by it; undefined when the dataset is whole. */
  readonly missing: MissingRows | undefined;
}

interface Piece {
  readonly part: Part;
  readonly entry: JournalEntry;
  /** The entry before, of the same part. */
  readonly before: JournalEntry | undefined;
}

/**
 * Joins finished runs that differ in nothing but their counts and their groups; the counts add up. Or joins the shards
 * of one dataset: then the rows are selected as one process would have done it, with the filters that compare them and
 * the quota of each label, and with `engine.reproducible` the dataset is the same byte for byte. What a person decided of their rows is taken over. The directories are
 * read only.
 * @param out  new or empty directory; of shards also one that a merge has written which lacked rows, or before the shards
 *   were asked for more: it goes on from there.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with all that is wrong, when one holds no run, is being
 *   written or is not complete; when settings, input files or model differ; when two hold the same group; or when rows
 *   are not as the journal says.
 * @example
 * for (const index of [0, 1]) await synthesizeTo(`shard-${index}`, teacher, spec, { shard: { index, count: 2 } });
 * const { rows, missing } = await mergeRuns(["shard-0", "shard-1"], "whole");
 * console.log(missing === undefined ? `${rows} rows` : missing.groups);
 */
export async function mergeRuns(paths: readonly string[], out: string): Promise<Merged> {
  const parts = await Promise.all(paths.map(readPart));
  const first = parts[0];
  if (first === undefined) throw invalidField("", "Expected at least one run directory");
  if (parts.some(({ manifest }) => manifest.shard !== undefined)) {
    return { ...(await mergeShards(parts, out)), duplicates: 0 };
  }
  const pieces = inOrder(parts);
  const issues = [
    ...parts.flatMap(incomplete),
    ...parts.slice(1).flatMap((part) => unlike(first, part)),
    ...twice(pieces),
  ];
  if (issues.length > 0) throw new InvalidConfigError(issues);

  const directory = await RunDirectory.open(out);
  const firstOf = new Map<string, Part>();
  let duplicates = 0;
  try {
    if (directory.checkpoint !== undefined) {
      throw invalidField(out, "This directory already holds a run: choose another directory");
    }
    const count = first.labels.map((_, label) => sum(parts.map(({ labels }) => labels[label]!.wanted)));
    const whole = describeWhole(first);
    const description = { ...whole, settings: { ...(whole.settings as object), count } };
    await directory.begin(description, { mergedFrom: paths });
    await carryReviews(paths, out);
    for (const { part, entry, before } of pieces) {
      const instances = await rowsOf(part, entry, before?.bytes ?? 0);
      const rejected = await rejectedOf(part, entry, before);
      duplicates += instances.filter((row) => repeats(row, part, firstOf)).length;
      await directory.commit({
        group: entry.group,
        instances,
        labels: entry.labels,
        ...(rejected ? { rejected } : {}),
      });
    }
    await directory.close({ state: "done" });
  } catch (error) {
    const { message: reason } = error as Error;
    await directory.close({ state: "failed", reason }).catch(() => {}); // the first error is the one to tell
    throw error;
  } finally {
    await directory.release();
  }
  const labels = addTallies(
    pieces.map(({ entry }) => entry.labels),
    first.labels.length,
  );
  return {
    rows: directory.instances,
    groups: pieces.length,
    labels: Object.fromEntries(first.labels.map(({ name }, i) => [name, labels[i]!])),
    duplicates,
    missing: undefined,
  };
}

// Whether the text of a row was first seen in another run.
function repeats(row: unknown, part: Part, firstOf: Map<string, Part>): boolean {
  const text = (row as { text?: unknown } | null)?.text;
  if (typeof text !== "string") return false;
  const { key } = new Fingerprint(text);
  const first = firstOf.get(key);
  if (first === undefined) firstOf.set(key, part);
  return first !== undefined && first !== part;
}

function incomplete({ path, entries, labels }: Part): ConfigIssue[] {
  const counts = addTallies(
    entries.map((entry) => entry.labels),
    labels.length,
  );
  return labels.flatMap(({ name, wanted }, label) => {
    const { accepted } = counts[label]!;
    if (accepted === wanted) return [];
    return [{ path, message: `Expected ${wanted} rows of "${name}", received ${accepted}: finish this run first` }];
  });
}

function inOrder(parts: readonly Part[]): Piece[] {
  const pieces = parts.flatMap((part) =>
    part.entries.map((entry, i) => ({ part, entry, before: part.entries[i - 1] })),
  );
  return pieces.sort((a, b) => a.entry.group - b.entry.group);
}

function twice(pieces: readonly Piece[]): ConfigIssue[] {
  const repeated = pieces.filter(({ entry }, i) => entry.group === pieces[i - 1]?.entry.group);
  const [one] = repeated;
  if (one === undefined) return [];
  const other = pieces.find(({ entry, part }) => entry.group === one.entry.group && part !== one.part)!;
  const more = repeated.length > 1 ? ` (and ${repeated.length - 1} more groups)` : "";
  const message =
    `Expected groups that no other run has, but group ${one.entry.group}${more} is in ${other.part.path} too: ` +
    "the same rows must not count twice";
  return [{ path: one.part.path, message }];
}
