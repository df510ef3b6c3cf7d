// A metric of the whole set, label by label.
import { invalidField } from "../errors.js";

/**
 * The value of a metric on the items of each label, labels in alphabetical order:
 * `byLabel(texts, labels, (group) => selfBleu(group))`. Groups differ in size, and with it metrics that depend on size.
 * @param labels  the label of each item.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are not as many labels as items.
 * @example
 * import { byLabel } from "corrsynth/evaluate";
 * const lengths = byLabel(["a cat", "an owl", "a fern"], ["animal", "animal", "plant"], (texts) => texts.length);
 * console.log(lengths.get("animal")); // 2
 */
export function byLabel<Item, Value>(
  items: readonly Item[],
  labels: readonly string[],
  metric: (items: readonly Item[], label: string) => Value,
): Map<string, Value> {
  if (items.length !== labels.length) {
    const message = `Expected a label for each of ${items.length} items, received ${labels.length}`;
    throw invalidField("labels", message);
  }
  const groups = new Map<string, Item[]>([...new Set(labels)].sort().map((label) => [label, []]));
  items.forEach((item, i) => {
    groups.get(labels[i]!)!.push(item);
  });
  return new Map([...groups].map(([label, group]) => [label, metric(group, label)]));
}
