// A folder of a data set: as `corrsynth export --format hf` and the hub lay it out, files by split, and a card.
import { readdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { invalidField } from "../errors.js";
import { type Classes, classesOfCard } from "./classes.js";
import { readInput } from "./input-file.js";
import { Review, readReview, reviewNotes } from "./review.js";
import { runRows } from "./run-rows.js";

/** The part of a data set that is read. */
export interface FolderPart {
  /** One after the other they are the split. */
  readonly files: readonly string[];
  /** Of a run directory, the bytes of its file that hold rows; undefined of all others: all. */
  readonly bytes?: number | undefined;
  /** Of a run directory, what a person decided of its rows. */
  readonly review?: Review | undefined;
  /** What the card says of its columns. */
  readonly classes: Classes;
  /** What the reader should know: which of several splits this is. */
  readonly notes: readonly string[];
}

const splits: Readonly<Record<string, RegExp>> = {
  train: /(^|[^a-z])train(ing)?([^a-z]|$)/i,
  validation: /(^|[^a-z])(val|valid|validation|dev)([^a-z]|$)/i,
  test: /(^|[^a-z])(test|testing|eval|evaluation)([^a-z]|$)/i,
};
const longestCard = 2 ** 24; // bytes
const rowFile = /\.(parquet|csv|tsv|jsonl|ndjson|json)(\.gz)?$/i;
const notRows = /^(dataset_infos?|dataset_dict|state|manifest|evaluation|comparison|student)\.json$/;

/**
 * Finds the files of one split. Of several, the first of `order` that there is.
 * @param order  names of splits, the most wanted first; default train.
 * @param reviewed  whether what a person decided of a run's rows is read, too.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are no files of rows, or those of several
 *   configurations.
 */
export async function openFolder(
  path: string,
  order: readonly string[] = ["train"],
  reviewed = true,
): Promise<FolderPart> {
  const all = await listFiles(path, 2);
  if (all.includes("data.jsonl")) return await openRun(path, reviewed);
  const found = all.filter((file) => rowFile.test(file) && !notRows.test(basename(file)));
  if (found.length === 0) throw invalidField(path, nothingFound(all));
  const isParquet = found.some((file) => /\.parquet$/i.test(file));
  const bySplit = new Map<string, string[]>();
  for (const file of isParquet ? found.filter((file) => /\.parquet$/i.test(file)) : found) {
    const split = splitOf(file);
    bySplit.set(split, [...(bySplit.get(split) ?? []), file]);
  }
  const names = [...bySplit.keys()];
  const split = order.find((name) => bySplit.has(name)) ?? names[0]!;
  const files = bySplit.get(split)!;
  const folders = [...new Set(files.map((file) => dirname(file)))];
  if (folders.length > 1 || (split === "" && files.length > 1 && !isSharded(files))) {
    const listed = (folders.length > 1 ? folders : files).slice(0, 5).map((name) => `"${name}"`);
    throw invalidField(path, `Expected the files of one data set, received ${listed.join(", ")}: name one of them`);
  }
  const others = names.filter((name) => name !== split).map((name) => name || "others");
  const notes =
    others.length === 0 ? [] : [`Of ${path} the split ${split} is read (there are also ${others.join(", ")})`];
  const card = await readInput(join(path, "README.md"), longestCard).catch(() => undefined);
  const classes = classesOfCard(card?.toString("utf8") ?? "");
  return { files: files.map((file) => join(path, file)), classes, notes };
}

// Rows without a journal are all there are: others laid them out so.
async function openRun(path: string, isReviewed: boolean): Promise<FolderPart> {
  const files = [join(path, "data.jsonl")];
  const rows = await runRows(path);
  const review = isReviewed ? await readReview(path) : new Review();
  const reviewed = { files, review, classes: new Map() };
  if (rows === undefined) return { ...reviewed, notes: reviewNotes(review) };
  const { bytes, behind } = rows;
  const note =
    `Of ${files[0]} the last ${behind} bytes were left out: the journal does not vouch for them, since their group was ` +
    "not finished, or something else wrote them";
  return { ...reviewed, bytes, notes: [...(behind > 0 ? [note] : []), ...reviewNotes(review)] };
}

async function listFiles(root: string, depth: number, folder = root): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    throw invalidField(folder, `Expected a readable folder (${cause.message})`, { cause });
  });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(depth > 0 ? await listFiles(root, depth - 1, path) : []));
    else files.push(relative(root, path).replaceAll("\\", "/"));
  }
  return files;
}

// By the file's own name first: "data/test-00000-of-00001.parquet", else by its folder's.
function splitOf(file: string): string {
  for (const part of [basename(file), dirname(file)]) {
    const found = Object.entries(splits).find(([, pattern]) => pattern.test(part));
    if (found !== undefined) return found[0];
  }
  return "";
}

const isSharded = (files: readonly string[]) => files.every((file) => /\d+-of-\d+/.test(file));

function nothingFound(files: readonly string[]): string {
  const expected = "Expected a run directory, or a folder with files of rows (.parquet, .csv, .jsonl)";
  if (files.some((file) => file.endsWith(".arrow"))) {
    return `${expected}, received Arrow files, as save_to_disk writes them: write dataset.to_parquet("rows.parquet")`;
  }
  return `${expected}, received ${files.length === 0 ? "an empty one" : "one without"}`;
}
