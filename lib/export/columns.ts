// The columns that an export can have: what an instance's fields are called in it, what they hold, and what Hugging
// Face's `datasets` calls that.

/** What the values of a column are; each may be null where an instance has none. */
export type ColumnKind =
  | "text"
  | "integer"
  | "number"
  | "texts"
  | "numbers"
  | "values"
  | "probabilities"
  | "digits"
  | "flag";

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A column of a file: one of an instance, or its class by index. */
export type FileColumn = Column | { readonly name: string; readonly kind: "class" };

/** Every column, in its order; the names are those of an instance's fields. */
const all: readonly Column[] = [
  { name: "text", kind: "text" },
  { name: "label", kind: "text" },
  { name: "id", kind: "text" },
  { name: "group", kind: "integer" },
  { name: "repeat", kind: "integer" },
  { name: "tokens", kind: "integer" },
  { name: "ending", kind: "text" },
  { name: "cut", kind: "flag" },
  { name: "cleaned", kind: "flag" },
  { name: "seed", kind: "digits" }, // up to 2^64 - 1, which no signed 64-bit integer holds
  { name: "examples", kind: "texts" },
  { name: "attributes", kind: "values" },
  { name: "context", kind: "text" },
  { name: "contextText", kind: "text" },
  { name: "verbalizedTexts", kind: "integer" },
  { name: "verbalizedProbability", kind: "number" },
  { name: "logprob", kind: "number" },
  { name: "contrastNorms", kind: "numbers" },
  { name: "labelProbability", kind: "number" },
  { name: "labelProbabilities", kind: "probabilities" },
  { name: "round", kind: "integer" },
  { name: "weight", kind: "number" },
];

/** Of a mix with the seeds: "synthetic" or "seed". */
export const originColumn: Column = { name: "origin", kind: "text" };

/**
 * "basic": text and label. "soft": these and what the label check says of the labels. "all": everything that an instance
 * has.
 * @inline
 */
export type ColumnSet = "basic" | "soft" | "all";

const soft = ["text", "label", "labelProbability", "labelProbabilities"];

export const columnSets: Readonly<Record<ColumnSet, readonly Column[]>> = {
  basic: all.slice(0, 2),
  soft: all.filter(({ name }) => soft.includes(name)),
  all,
};

/**
 * A row's values with its probabilities as a list in the order of the labels: soft labels beside the index of a class.
 * @param labels  their names.
 */
export function withSoftLabels(
  columns: readonly Column[],
  values: readonly Value[],
  labels: readonly string[],
): readonly Value[] {
  return values.map((value, c) => {
    if (columns[c]!.kind !== "probabilities" || value === null) return value;
    const byName = new Map(Object.entries(value as Readonly<Record<string, number>>));
    return labels.map((name) => byName.get(name) ?? 0);
  });
}

/** A value of a column, as JSON has it. */
export type Value =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | Readonly<Record<string, string>>
  | Readonly<Record<string, number>>
  | null;

/** The value of a column in a row of data.jsonl, null where it has none, undefined where it is of another kind. */
export function columnValue(fields: Readonly<Record<string, unknown>>, { name, kind }: Column): Value | undefined {
  const value = fields[name] ?? null;
  if (value === null) return null;
  return isOfKind[kind](value) ? clean(value as Value) : undefined;
}

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number";

const isOfKind: Readonly<Record<ColumnKind, (value: unknown) => boolean>> = {
  text: isText,
  integer: Number.isSafeInteger,
  number: isNumber,
  texts: (value) => Array.isArray(value) && value.every(isText),
  numbers: (value) => Array.isArray(value) && value.every(isNumber),
  values: (value) => typeof value === "object" && !Array.isArray(value) && Object.values(value as object).every(isText),
  probabilities: (value) =>
    typeof value === "object" && !Array.isArray(value) && Object.values(value as object).every(isNumber),
  flag: (value) => typeof value === "boolean",
  digits: (value) => Number.isSafeInteger(value) || (isText(value) && /^\d+$/.test(value as string)),
};

function clean(value: Value): Value {
  if (typeof value === "string") return wellFormed(value);
  if (Array.isArray(value)) return value.map((item) => clean(item)) as unknown as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [wellFormed(key), typeof item === "string" ? wellFormed(item) : item]),
  ) as Value;
}

/**
 * Halves of surrogate pairs, which UTF-8 cannot hold, as U+FFFD: what most encoders would make of them, in every
 * format.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}

/** The value as one text: what a format without lists and objects holds. */
export function asText(value: Exclude<Value, null>): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const types: Readonly<Record<Exclude<ColumnKind, "texts" | "numbers">, string>> = {
  text: "string",
  values: "string",
  probabilities: "string",
  digits: "string",
  integer: "int64",
  flag: "bool",
  number: "float64",
};
const itemTypes = { texts: "string", numbers: "float64" } as const;

/** `dataset_info.features` of a card: a list of plain objects. */
export function cardFeatures(columns: readonly FileColumn[], labels: readonly string[]): object[] {
  return columns.map(({ name, kind }) => {
    if (kind === "class") return { name, dtype: { class_label: { names: { ...labels } } } };
    if (kind === "texts" || kind === "numbers") return { name, sequence: itemTypes[kind] };
    return { name, dtype: types[kind] };
  });
}

/** The value of the key `huggingface` in a Parquet file's metadata: the same as JSON. */
export function parquetFeatures(columns: readonly FileColumn[], labels: readonly string[]): string {
  const features = columns.map(({ name, kind }) => {
    if (kind === "class") return [name, { names: labels, _type: "ClassLabel" }];
    if (kind !== "texts" && kind !== "numbers") return [name, { dtype: types[kind], _type: "Value" }];
    return [name, { feature: { dtype: itemTypes[kind], _type: "Value" }, _type: "Sequence" }];
  });
  return JSON.stringify({ info: { features: Object.fromEntries(features) } });
}
