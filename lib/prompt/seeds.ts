/** Reads seed examples and contexts: JSON lines from a file, or objects from an iterable, into one pool per label. */

import { mostNamed, show, suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { expandHome } from "../files/home.js";
import { parseLines } from "../files/jsonl.js";
import { ReadSource, type SeedSource, type SourceEntry } from "../task/seed-source.js";

/** A seed example or a context, checked. */
export interface Seed {
  readonly id: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Seeds by label index. */
export type SeedPools = readonly (readonly Seed[])[];

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
 * @param field Which field of the task this is, for messages; contexts need no label.
 * @throws {InvalidConfigError} naming up to 20 bad lines (`seeds.jsonl:12`) or items (`seeds[3]`) and counting the
 *   rest.
 */
export async function readSeeds(
  source: SeedSource,
  labels: readonly { readonly name: string }[],
  field: "seeds" | "contexts",
): Promise<SeedPools> {
  const indices = new Map(labels.map(({ name }, index) => [name, index]));
  const pools = labels.map((): Seed[] => []);
  const firstPlace = new Map<string, string>();
  const issues: ConfigIssue[] = [];
  let wrong = 0;
  const refuse = (place: string, message: () => string) => {
    if (++wrong <= mostNamed) issues.push({ path: place, message: message() });
  };
  for await (const { place, position, value } of records(source, field)) {
    const checked =
      value instanceof Error ? () => value.message : check(value, position, indices, field === "contexts");
    if (typeof checked === "function") {
      refuse(place, checked);
      continue;
    }
    const { seed, label } = checked;
    const first = firstPlace.get(seed.id);
    if (first !== undefined) {
      refuse(place, () => `Expected an id of its own, received ${show(seed.id)} as at ${first}`);
      continue;
    }
    firstPlace.set(seed.id, place);
    if (label === undefined) for (const pool of pools) pool.push(seed);
    else pools[label]?.push(seed);
  }
  if (wrong > mostNamed) {
    issues.push({ path: pathOf(source) ?? field, message: `and ${wrong - mostNamed} more that are wrong` });
  }
  if (wrong > 0) throw new InvalidConfigError(issues);
  return pools;
}

/**
 * Reads a source so that it can be read again: {@link readSeeds} finds the same in what this returns, and says the same
 * of it.
 * @throws {InvalidConfigError} when the file cannot be read; what its lines hold is not looked at.
 */
export async function readSource(source: SeedSource, field: "seeds" | "contexts"): Promise<ReadSource> {
  const entries: SourceEntry[] = [];
  for await (const entry of records(source, field)) entries.push(entry);
  return new ReadSource(entries, pathOf(source));
}

function pathOf(source: SeedSource): string | undefined {
  if (source instanceof ReadSource) return source.path;
  return typeof source === "string" ? source : undefined;
}

// What is wrong is said by a function: of very many, only the first are asked, since looking for the nearest name takes
// time.
function check(
  value: unknown,
  position: number,
  indices: ReadonlyMap<string, number>,
  labelOptional: boolean,
): (() => string) | { seed: Seed; label: number | undefined } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return () => `Expected an object { text, label }, received ${show(value)}`;
  }
  const { text, label, id = position, ...rest } = value as Record<string, unknown>;
  if (typeof text !== "string" || text.trim() === "") {
    return () => `Expected "text" to be a text, received ${show(text)}`;
  }
  if (!isName(id)) return () => `Expected "id" to be a text or a number, received ${show(id)}`;
  const seed = { id: String(id), text: text.trim(), fields: textFields(rest) };
  if (labelOptional && label === undefined) return { seed, label };
  if (!isName(label)) return () => `Expected "label" to be the name of a label, received ${show(label)}`;
  const name = String(label);
  const index = indices.get(name);
  if (index === undefined) return () => `Unknown label ${show(name)}${suggestion(name, indices.keys())}`;
  return { seed, label: index };
}

function isName(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || (typeof value === "number" && Number.isFinite(value));
}

function textFields(fields: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(fields).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

async function* records(source: SeedSource, field: string): AsyncGenerator<SourceEntry> {
  if (source instanceof ReadSource) return yield* source.entries;
  let position = 0;
  if (typeof source !== "string") {
    for await (const value of source) yield { place: `${field}[${position}]`, position: ++position, value };
    return;
  }
  try {
    for await (const { number, value, problem } of parseLines(expandHome(source), "object")) {
      const place = `${source}:${number}`;
      if (problem !== undefined) yield { place, position: number, value: new Error(problem) };
      else if (value !== undefined) yield { place, position: number, value };
    }
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    if (cause?.syscall === undefined) throw error;
    const reason = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw invalidField(field, `Cannot read "${source}": ${reason}`, { cause });
  }
}
