/** Reads seed examples and contexts: rows of a file, or objects from an iterable, into one pool per label. */

import { stat } from "node:fs/promises";
import { Faults } from "../checks/faults.js";
import { show, suggestion } from "../checks/nearest.js";
import { InvalidConfigError, invalidField } from "../errors.js";
import { expandHome } from "../files/home.js";
import { openRecords } from "../files/records.js";
import { ReadSource, type SeedSource, type SourceEntry } from "../task/seed-source.js";
import { labelName, nameOf } from "../text/names.js";

/** A seed example or a context, checked. */
export interface Seed {
  readonly id: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Where it stood, for messages: `seeds.jsonl:12` or `seeds[3]`. */
  readonly place: string;
}

/** Seeds by label index. */
export type SeedPools = readonly (readonly Seed[])[];

/** What a source is for. */
export type SourceField = "seeds" | "contexts" | "validation" | "gold";

/** Texts that prompts are made of, each once. */
export interface Sources {
  readonly seeds: ReadonlySet<string>;
  readonly contexts: ReadonlySet<string>;
}

/** The texts of all pools, each once. */
export function textsOf(pools: SeedPools): Set<string> {
  return new Set(pools.flatMap((pool) => pool.map(({ text }) => text)));
}

/**
 * Reads a whole source. A label may come out with an empty pool: whether that is wrong depends on the prompt.
 * @param labels The labels, in order.
 * @param field Which field of the task, or option, this is, for messages; contexts need no label.
 * @throws {InvalidConfigError} naming up to 20 different faults, each with its first line (`seeds.jsonl:12`) or item
 *   (`seeds[3]`) and how many there are, and counting the rest.
 */
export async function readSeeds(
  source: SeedSource,
  labels: readonly { readonly name: string }[],
  field: SourceField,
): Promise<SeedPools> {
  const indices = new Map(labels.map(({ name }, index) => [name, index]));
  const pools = labels.map((): Seed[] => []);
  const firstPlace = new Map<string, string>();
  const faults = new Faults();
  for await (const entry of records(source, field)) {
    const { place, value } = entry;
    const checked = value instanceof Error ? value.message : check(entry, indices, field === "contexts");
    if (typeof checked === "string") faults.add(checked, place, () => checked);
    else if ("unknown" in checked) {
      const name = checked.unknown;
      faults.add(`label ${name}`, place, () => unknownLabel(name, labels));
    } else {
      const { seed, label } = checked;
      const first = firstPlace.get(seed.id);
      const another = `Expected an id of its own, received ${show(seed.id)} as at ${first}`;
      if (first !== undefined) faults.add(another, place, () => another);
      else if (label === undefined) for (const pool of pools) pool.push(seed);
      else pools[label]?.push(seed);
      firstPlace.set(seed.id, first ?? place);
    }
  }
  faults.throwAny(pathOf(source) ?? field);
  return pools;
}

/**
 * Reads a source so that it can be read again: {@link readSeeds} finds the same in what this returns, and says the same
 * of it.
 * @throws {InvalidConfigError} when the file cannot be read; what its lines hold is not looked at.
 */
export async function readSource(source: SeedSource, field: SourceField): Promise<ReadSource> {
  const entries: SourceEntry[] = [];
  for await (const entry of records(source, field)) entries.push(entry);
  return new ReadSource(entries, pathOf(source));
}

function pathOf(source: SeedSource): string | undefined {
  if (source instanceof ReadSource) return source.path;
  return typeof source === "string" ? source : undefined;
}

type Checked = { readonly seed: Seed; readonly label: number | undefined } | { readonly unknown: string };

// The seed, or the name of a label that is not known, or what else is wrong.
function check(entry: SourceEntry, indices: ReadonlyMap<string, number>, labelOptional: boolean): Checked | string {
  const { place, position, value } = entry;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `Expected an object { text, label }, received ${show(value)}`;
  }
  const { text, label, id, ...rest } = value as Record<string, unknown>;
  if (typeof text !== "string" || text.trim() === "") {
    const others = Object.keys(value).slice(0, 5).map(show);
    const beside = text === undefined && others.length > 0 ? ` beside ${others.join(", ")}` : "";
    return `Expected "text" to be a text, received ${show(text)}${beside}`;
  }
  const own = id ?? "";
  if (typeof own !== "string" && !Number.isFinite(own)) {
    return `Expected "id" to be a text or a number, received ${show(own)}`;
  }
  const seed = { id: own === "" ? String(position) : String(own), text: text.trim(), fields: textFields(rest), place };
  if (labelOptional && (label === undefined || label === null || label === "")) return { seed, label: undefined };
  const name = labelName(label);
  if (name === undefined) return `Expected "label" to be the name of a label, received ${show(label)}`;
  const index = indices.get(name);
  return index === undefined ? { unknown: name } : { seed, label: index };
}

function unknownLabel(name: string, labels: readonly { readonly name: string }[]): string {
  const names = labels.map((label) => label.name);
  const isNumber = (text: string) => /^\d+$/.test(text);
  const told = `Unknown label ${show(name)}${suggestion(name, names)}`;
  if (!isNumber(name) || names.some(isNumber)) return told;
  return `${told}: where it is the number of a class, corrsynth seeds --names writes the name in its place`;
}

function textFields(fields: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(fields).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(kept.map(([name, value]) => [nameOf(name), String(value)]));
}

const advice = "corrsynth seeds FILE --text-column NAME --label-column NAME writes a file that has them";

async function* records(source: SeedSource, field: SourceField): AsyncGenerator<SourceEntry> {
  if (source instanceof ReadSource) return yield* source.entries;
  let position = 0;
  if (typeof source !== "string") {
    for await (const value of source) yield { place: `${field}[${position}]`, position: ++position, value };
    return;
  }
  const path = expandHome(source);
  if ((await stat(path).catch(() => undefined))?.isFIFO()) {
    const message = "Expected a file that can be read more than once, received a pipe: write its rows to a file first";
    throw invalidField(field, message);
  }
  const columns = field === "contexts" ? ["text"] : ["text", "label"];
  try {
    yield* (await openRecords(path, { wanted: { columns, advice } })).entries;
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    if (!(error instanceof InvalidConfigError) || cause?.syscall === undefined) throw error;
    const reason = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw invalidField(field, `Cannot read "${source}": ${reason}`, { cause });
  }
}
