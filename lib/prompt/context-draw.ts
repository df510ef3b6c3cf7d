/** Which context each row of a group gets. */
import type { ConfigIssue } from "../errors.js";
import { RandomStream } from "../random.js";
import type { ResolvedSpec } from "../task/spec.js";
import { Deck } from "./deck.js";
import { drawExamples } from "./draw.js";
import { longestText } from "./longest.js";
import type { Seed, SeedPools } from "./seeds.js";

/** Whose turn it is. */
export interface Turn {
  /** Number of the group, or of the groups that share prompts. */
  readonly set: number;
  /** Of its groups, how many the label had before. */
  readonly turn: number;
  /** Number of the label's first row among the rows of all groups. */
  readonly row: number;
}

/** The contexts of a task, dealt as `contexts.once` and `contexts.perGroup` say. */
export class ContextDraw {
  readonly #pools: SeedPools;
  readonly #seed: bigint;
  readonly #repeat: number;
  readonly #isOnce: boolean;
  readonly #isPerGroup: boolean;
  /** Contexts without labels are for all rows: one deck of them is dealt. */
  readonly #isShared: boolean;
  readonly #decks: readonly Deck[];

  /** @param contexts  by label; empty when the task has none. */
  constructor({ contextDeal, sampling }: ResolvedSpec, contexts: SeedPools, repeat: number) {
    this.#pools = contexts;
    this.#seed = BigInt(sampling.seed);
    this.#repeat = repeat;
    this.#isOnce = contextDeal?.once === true;
    this.#isPerGroup = contextDeal?.perGroup === true;
    this.#isShared = areOfAll(contexts);
    this.#decks = contexts.map(
      ({ length }, label) => new Deck(length, (round) => new RandomStream(this.#seed, round, "contexts", label)),
    );
  }

  /** Those of a label's rows in a group; undefined each where the task has none. */
  of(label: number, turn: Turn): (Seed | undefined)[] {
    const pool = this.#pools[label] ?? [];
    const rows = Array.from({ length: this.#repeat }, (_, repeat) => repeat);
    if (pool.length === 0) return rows.map(() => undefined);
    return rows.map(this.#position(label, pool.length, turn)).map((position) => pool[position]);
  }

  /** The longest that a label can get. */
  longest(label: number): Seed | undefined {
    return longestText(this.#pools[label] ?? [], ({ text }) => text);
  }

  // By the number of the label's row, the position in its pool.
  #position(label: number, size: number, { set, turn, row }: Turn): (repeat: number) => number {
    const streamOf = (of: number) => new RandomStream(this.#seed, set, "contexts", of);
    if (this.#isPerGroup) {
      const position = this.#isOnce ? this.#decks[0]!.at(set) : streamOf(0).below(size);
      return () => position;
    }
    if (this.#isOnce) {
      return (repeat) =>
        this.#isShared ? this.#decks[0]!.at(row + repeat) : this.#decks[label]!.at(turn * this.#repeat + repeat);
    }
    const drawn = drawExamples(streamOf(label), size, 1, this.#repeat);
    return (repeat) => drawn[repeat]![0]!;
  }
}

/** What is wrong with contexts that rows of all labels are to share: that one has a label. */
export function sharedContextIssues({ labels, contextDeal }: ResolvedSpec, contexts: SeedPools): ConfigIssue[] {
  if (contextDeal?.perGroup !== true) return [];
  const everyones = new Set(contexts[0]);
  for (const pool of contexts.slice(1)) {
    const own = new Set(pool);
    for (const context of everyones) if (!own.has(context)) everyones.delete(context);
  }
  const isOwned = (context: Seed) => !everyones.has(context);
  const label = contexts.findIndex((pool) => pool.some(isOwned));
  if (label < 0) return [];
  const message =
    "Expected no label with contexts.perGroup, since rows of all labels share a context, received " +
    `"${labels[label]!.name}" at ${contexts[label]!.find(isOwned)!.place}: leave the labels out, or perGroup`;
  return [{ path: "contexts", message }];
}

function areOfAll(contexts: SeedPools): boolean {
  return contexts.every(
    (pool) => pool.length === contexts[0]!.length && pool.every((one, i) => one === contexts[0]![i]),
  );
}
