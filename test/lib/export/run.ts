/** What the tests of exports share: a run directory of any rows, and what a Parquet file holds. */
import { readFile } from "node:fs/promises";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import type { RunEnd } from "../../../lib/store/manifest.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description } from "../store/runs.js";

export interface TestRow {
  readonly text: string;
  readonly label: string;
  readonly [field: string]: unknown;
}

/** Writes a run that has a group for each list of rows. */
export async function writeRun(
  path: string,
  labels: readonly string[],
  groups: readonly (readonly TestRow[])[],
  options: { readonly end?: RunEnd; readonly settings?: object; readonly task?: unknown } = {},
): Promise<string> {
  const directory = await RunDirectory.open(path);
  const count = labels.map((name) => groups.flat().filter(({ label }) => label === name).length);
  const settings = {
    ...(description.settings as object),
    labels: labels.map((name) => ({ name, verbalization: `a ${name}` })),
    count,
    ...options.settings,
  };
  await directory.begin({ ...description, settings, task: options.task ?? description.task });
  for (const [group, rows] of groups.entries()) {
    const tallies = labels.map((name, i) => {
      const accepted = rows.filter(({ label }) => label === name).length;
      return { accepted, surplus: i, rejected: { "copy|of": 1 } };
    });
    await directory.commit({ group, instances: rows, labels: tallies });
  }
  await directory.close(options.end ?? { state: "done" });
  return path;
}

/** A row as a run writes it, with every field that a row can have. */
export const fullRow = {
  id: "0.0",
  text: "a text",
  label: "animal",
  group: 0,
  repeat: 1,
  examples: ["s1", "s,2"],
  attributes: { style: "dry" },
  context: "c1",
  contextText: "A premise.",
  tokens: 3,
  ending: "length",
  cut: true,
  cleaned: true,
  verbalizedTexts: 5,
  verbalizedProbability: 0.25,
  logprob: -1.5,
  contrastNorms: [0.25, 2],
  labelProbability: 0.75,
  labelProbabilities: { animal: 0.75, plant: 0.25 },
  round: 2,
  weight: 0.5,
  seed: "18446744073709551615",
} as const;

export async function readParquet(path: string) {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  return { metadata, rows: await parquetReadObjects({ file }) };
}
