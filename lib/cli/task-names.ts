// Names of labels as a task file has them. As keys of an object, 5 and 1 would change places, and +1 and 007 lose a part.
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";

type Values = Readonly<Record<string, unknown>>;

/**
 * Of `labels`, `count` and `attributes` what they hold with their names as they are written, where that is not what `values` has:
 * labels as a list, in the order of the file.
 * @param values  the fields as they were read.
 */
export function namesOf(contents: Node | null, values: Values): Record<string, unknown> {
  if (!isMap(contents)) return {};
  const found: Record<string, unknown> = {};
  for (const { key, value } of contents.items) {
    const field = isScalar(key) ? key.value : undefined;
    if (field === "labels" && isMap(value)) {
      const pairs = entriesOf(value, values.labels as Values);
      const keys = Object.keys(values.labels as Values);
      if (!pairs.every(([name], i) => name === keys[i])) found.labels = pairs;
    } else if (field === "labels" && isSeq(value)) {
      const given = values.labels as readonly unknown[];
      found.labels = value.items.map((item, i) => itemName(item as Node, given[i]));
    } else if (field === "count" && isMap(value)) {
      found.count = Object.fromEntries(entriesOf(value, values.count as Values));
    } else if (field === "attributes" && isMap(value)) {
      const given = values.attributes as Values;
      const byLabel = value.items.map(({ key, value: inner }) => {
        const read = given[keyOf(key)];
        return [keyOf(key), isMap(inner) ? Object.fromEntries(entriesOf(inner, read as Values)) : read];
      });
      found.attributes = Object.fromEntries(byLabel);
    }
  }
  return found;
}

function entriesOf(map: YAMLMap, values: Values): [name: string, value: unknown][] {
  return map.items.map(({ key }) => [nameAsWritten(key as Node, keyOf(key)), values[keyOf(key)]]);
}

const keyOf = (key: unknown) => (isScalar(key) ? String(key.value) : "");

// A name, or a pair of a name and a verbalization; anything else as it was read, for the library to refuse.
function itemName(item: Node, value: unknown): unknown {
  if (isSeq(item) && Array.isArray(value) && item.items.length > 0) {
    return [nameAsWritten(item.items[0] as Node, value[0]), ...value.slice(1)];
  }
  return nameAsWritten(item, value);
}

// Of a number the digits in the file; true and false are the same names in every spelling.
function nameAsWritten<Value>(node: Node, value: Value): Value | string {
  return isScalar(node) && typeof node.value === "number" && node.source !== undefined ? node.source : value;
}
