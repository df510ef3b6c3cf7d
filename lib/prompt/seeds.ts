/** Reads seed examples and contexts: JSON lines from a file, or objects from an iterable, into one pool per label. */

import { show, suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { readLines } from "../files/lines.js";
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

const MAX_NAMED = 20;

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
  const names = labels.map(({ name }) => name);
  const pools = labels.map((): Seed[] => []);
  const firstPlace = new Map<string, string>();
  const issues: ConfigIssue[] = [];
  for await (const { place, position, value } of records(source, field)) {
    const checked = value instanceof Error ? value.message : check(value, position, names, field === "contexts");
    if (typeof checked === "string") {
      issues.push({ path: place, message: checked });
      continue;
    }
    const { seed, label } = checked;
    const first = firstPlace.get(seed.id);
    if (first !== undefined) {
      issues.push({ path: place, message: `Expected an id of its own, received ${show(seed.id)} as at ${first}` });
      continue;
    }
    firstPlace.set(seed.id, place);
    for (const [index, pool] of pools.entries()) if (label === undefined || label === index) pool.push(seed);
  }
  if (issues.length > 0) throw new InvalidConfigError(atMost(issues, pathOf(source) ?? field));
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

function check(
  value: unknown,
  position: number,
  names: readonly string[],
  labelOptional: boolean,
): string | { seed: Seed; label: number | undefined } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `Expected an object { text, label }, received ${show(value)}`;
  }
  const { text, label, id = position, ...rest } = value as Record<string, unknown>;
  if (typeof text !== "string" || text.trim() === "") return `Expected "text" to be a text, received ${show(text)}`;
  if (!isName(id)) return `Expected "id" to be a text or a number, received ${show(id)}`;
  const seed = { id: String(id), text: text.trim(), fields: textFields(rest) };
  if (labelOptional && label === undefined) return { seed, label };
  if (!isName(label)) return `Expected "label" to be the name of a label, received ${show(label)}`;
  const index = names.indexOf(String(label));
  if (index < 0) return `Unknown label ${show(String(label))}${suggestion(String(label), names)}`;
  return { seed, label: index };
}

function isName(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || (typeof value === "number" && Number.isFinite(value));
}

function textFields(fields: Record<string, unknown>): Record<string, string> {
  const kept = Object.entries(fields).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function atMost(issues: readonly ConfigIssue[], source: string): ConfigIssue[] {
  const named = issues.slice(0, MAX_NAMED);
  const rest = issues.length - named.length;
  return rest === 0 ? named : [...named, { path: source, message: `and ${rest} more that are wrong` }];
}

async function* records(source: SeedSource, field: string): AsyncGenerator<SourceEntry> {
  if (source instanceof ReadSource) return yield* source.entries;
  let position = 0;
  if (typeof source !== "string") {
    for await (const value of source) yield { place: `${field}[${position}]`, position: ++position, value };
    return;
  }
  // A UTF-8 decoder of its own for each line, so that a bad byte is found with its line and a BOM only on the first.
  for await (const bytes of lines(source, field)) {
    position++;
    const value = parseLine(position === 1 ? withoutBom(bytes) : bytes);
    if (value !== undefined) yield { place: `${source}:${position}`, position, value };
  }
}

function withoutBom(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes;
}

function parseLine(bytes: Buffer): unknown {
  let line: string;
  try {
    line = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new Error("Expected UTF-8, received bytes that are none: save the file as UTF-8");
  }
  if (line.trim() === "") return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return new Error(`Expected one JSON object a line, received ${show(line)}`);
  }
}

async function* lines(path: string, field: string): AsyncGenerator<Buffer> {
  try {
    yield* readLines(path);
  } catch (cause) {
    if (cause instanceof InvalidConfigError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (cause as Error).message;
    throw new InvalidConfigError([{ path: field, message: `Cannot read "${path}": ${reason}` }], { cause });
  }
}
