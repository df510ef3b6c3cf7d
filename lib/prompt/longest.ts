/** What is longest, in bytes of UTF-8, since a prompt is measured before it is drawn. */

/** The `count` longest items, the longest first. */
export function longest<Item>(items: readonly Item[], count: number, size: (item: Item) => number): Item[] {
  const sized = items.map((item) => ({ item, size: size(item) })).sort((a, b) => b.size - a.size);
  return sized.slice(0, count).map(({ item }) => item);
}

/** The item with the longest text; undefined of none. */
export function longestText<Item>(items: readonly Item[], textOf: (item: Item) => string): Item | undefined {
  return longest(items, 1, (item) => Buffer.byteLength(textOf(item)))[0];
}
