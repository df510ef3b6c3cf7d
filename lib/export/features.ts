// What the columns are in the words of Hugging Face's `datasets`: for the card's YAML, and for the end of a Parquet file.
import type { ColumnKind, FileColumn } from "./columns.js";

const types: Readonly<Record<Exclude<ColumnKind, "texts" | "numbers">, string>> = {
  text: "string",
  values: "string",
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
