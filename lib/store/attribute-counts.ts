// How often each value of a task's attributes stands among the rows of a run.
import { join } from "node:path";
import { parseLines } from "../files/jsonl.js";
import { regularChunks } from "../files/regular-file.js";
import type { RunManifest } from "./manifest.js";

/** Attribute to label to value to rows that have it; values that no row has so far are there with 0. */
export type AttributeCounts = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/**
 * Counts the rows in the first `bytes` bytes of data.jsonl. Reads them once; memory stays at what is read at once.
 * @returns undefined of a task without attributes.
 */
export async function attributeCounts(
  directory: string,
  { settings }: Pick<RunManifest, "settings">,
  bytes: number,
): Promise<AttributeCounts | undefined> {
  const counts = emptyCounts(settings);
  if (counts.size === 0) return undefined;
  if (bytes > 0) {
    const path = join(directory, "data.jsonl");
    for await (const { value } of parseLines(path, "value", regularChunks(path, bytes))) countRow(counts, value);
  }
  return asObject(counts, (ofLabels) => asObject(ofLabels, (ofValues) => asObject(ofValues, (count) => count)));
}

type Counts = Map<string, Map<string, Map<string, number>>>;

// A manifest may hold anything: what is no attribute as a task has them is none.
function emptyCounts(settings: unknown): Counts {
  const { labels, attributes } = (settings ?? {}) as { labels?: unknown; attributes?: unknown };
  const names = (Array.isArray(labels) ? labels : []).map((label: { name?: unknown } | null) => String(label?.name));
  const isTexts = (value: unknown): value is string[] => Array.isArray(value);
  const zeros = (values: unknown) => new Map((isTexts(values) ? values : []).map((value) => [String(value), 0]));
  const entries = typeof attributes === "object" && attributes !== null ? Object.entries(attributes) : [];
  return new Map(
    entries.map(([attribute, given]) => {
      const own = (name: string) => (isTexts(given) ? given : (given as Record<string, unknown> | null)?.[name]);
      return [attribute, new Map(names.map((name) => [name, zeros(own(name))]))];
    }),
  );
}

function countRow(counts: Counts, row: unknown): void {
  const { label, attributes } = (row ?? {}) as { label?: unknown; attributes?: unknown };
  if (typeof label !== "string" || typeof attributes !== "object" || attributes === null) return;
  for (const [attribute, value] of Object.entries(attributes)) {
    const values = counts.get(attribute)?.get(label);
    if (typeof value === "string" && values !== undefined) values.set(value, (values.get(value) ?? 0) + 1);
  }
}

function asObject<Value, Result>(
  map: ReadonlyMap<string, Value>,
  of: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries([...map].map(([key, value]) => [key, of(value)]));
}
