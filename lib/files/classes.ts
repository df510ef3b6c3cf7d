// Class numbers and the names that they stand for: ClassLabel, as Hugging Face's `datasets` calls that.
import { parse } from "yaml";
import { show } from "../checks/nearest.js";
import { nameOf } from "../text/names.js";
import { type Entry, type Fields, fieldOf } from "./entry.js";

/** Of each column that holds class numbers, the names of the classes in the order of their numbers. */
export type Classes = ReadonlyMap<string, readonly string[]>;

/** @param info  what a Parquet file's metadata has under "huggingface". */
export function classesOfFeatures(info: string | undefined): Classes {
  if (info === undefined) return new Map();
  const { features } = ((parsed(() => JSON.parse(info)) as { info?: unknown })?.info ?? {}) as { features?: unknown };
  const columns = Object.entries((features ?? {}) as Record<string, { _type?: unknown; names?: unknown } | null>);
  return collected(
    columns.map(([name, feature]) => [name, feature?._type === "ClassLabel" ? feature.names : undefined]),
  );
}

const largestCard = 2 ** 18;
const mostBrackets = 1000; // deeply nested ones fell the parser

/** @param card  a dataset's README.md, with its features in front. */
export function classesOfCard(card: string): Classes {
  const front = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---/.exec(card.slice(0, largestCard))?.[1] ?? "";
  if ((front.match(/[[{]/g)?.length ?? 0) > mostBrackets) return new Map();
  const info = (parsed(() => parse(front, { maxAliasCount: 100 })) as { dataset_info?: unknown })?.dataset_info;
  const { features } = ((Array.isArray(info) && info.length === 1 ? info[0] : info) ?? {}) as { features?: unknown };
  if (!Array.isArray(features)) return new Map();
  return collected(
    features.map((feature: { name?: unknown; dtype?: { class_label?: { names?: unknown } } } | null) => {
      return [String(feature?.name), feature?.dtype?.class_label?.names];
    }),
  );
}

function parsed(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined; // whoever wrote it meant no names
  }
}

// Names are a list, or an object of number to name.
function collected(columns: readonly (readonly [column: string, names: unknown])[]): Classes {
  const found = columns.flatMap(([column, names]): [string, readonly string[]][] => {
    if (typeof names !== "object" || names === null) return [];
    const list = Array.from({ length: Object.keys(names).length }, (_, i) => (names as Record<number, unknown>)[i]);
    const isWhole = list.length > 0 && list.every((name) => name !== undefined && name !== null);
    return isWhole ? [[nameOf(column), list.map((name) => nameOf(String(name)))]] : [];
  });
  return new Map(found);
}

/** The rows with the names of classes in place of their numbers. A number that is none makes its row an Error. */
export async function* withClassNames(entries: AsyncIterable<Entry>, classes: Classes): AsyncGenerator<Entry> {
  if (classes.size === 0) return yield* entries;
  for await (const entry of entries) {
    yield entry.value instanceof Error ? entry : { ...entry, value: named(entry.value, classes) };
  }
}

function named(fields: Fields, classes: Classes): Fields | Error {
  const result = { ...fields };
  for (const [column, names] of classes) {
    const value = fieldOf(fields, column);
    if (value === undefined || value === null || value === "") continue;
    const name = className(value, names);
    if (name === undefined) return new Error(problem(column, value, names));
    result[column] = name;
  }
  return result;
}

// What is a name already stays.
function className(value: unknown, names: readonly string[]): string | undefined {
  const isNumber = typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value.trim()));
  if (isNumber) return names[Number(value)];
  return typeof value === "string" ? names.find((name) => name === nameOf(value)) : undefined;
}

function problem(column: string, value: unknown, names: readonly string[]): string {
  const last = names.length - 1;
  const expected = `Expected a class number 0 to ${last} in "${column}" (${show(names[0])} to ${show(names[last])})`;
  const unlabelled = value === -1 ? ", which stands for none: the rows of this split have no labels" : "";
  return `${expected}, received ${show(value)}${unlabelled}`;
}
