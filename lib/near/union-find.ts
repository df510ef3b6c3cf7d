// Disjoint sets (union-find with path halving).

/** Disjoint sets of the numbers 0 .. size - 1, at first each alone; the least of a set is its root. */
export class UnionFind {
  #count: number;
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#count = size;
    this.#parent = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** How many sets there are. */
  get count(): number {
    return this.#count;
  }

  /** Makes one set of the two that hold these numbers. */
  join(a: number, b: number): void {
    const [rootA, rootB] = [this.root(a), this.root(b)];
    if (rootA === rootB) return;
    this.#parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    this.#count--;
  }

  /** Whether one set holds both. */
  areJoined(a: number, b: number): boolean {
    return this.root(a) === this.root(b);
  }

  /** The least number of the set that holds this one. */
  root(start: number): number {
    const parent = this.#parent;
    let node = start;
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]!]!; // halves the path for the next who asks
      node = parent[node]!;
    }
    return node;
  }
}
