/** Which stop texts ended rows, and which never did though rows ran to the token limit. */
import type { NativeGroup } from "../engine/binding.js";

/** Share of rows at the token limit from which a stop text that never matched is worth a remark. */
const leastShare = 0.1;

export class StopTally {
  readonly #stop: readonly string[];
  readonly #counts: number[];
  #rows = 0;
  #atLimit = 0;

  /** @param stop  of `sampling.stop`. */
  constructor(stop: readonly string[]) {
    this.#stop = stop;
    this.#counts = stop.map(() => 0);
  }

  /** Counts the rows of a group, whatever becomes of them. */
  add({ rows }: Pick<NativeGroup, "rows">): void {
    this.#rows += rows.length;
    for (const { stop, ending } of rows) {
      if (stop >= 0) this.#counts[stop]!++;
      if (ending === "length") this.#atLimit++;
    }
  }

  /** Rows that each stop text ended. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#stop.map((text, i) => [text, this.#counts[i]!]));
  }

  /** A line for the texts that never matched, where rows ran to their limit: one of them was to end those. */
  remarks(): string[] {
    const unmatched = this.#stop.filter((_, i) => this.#counts[i] === 0);
    if (unmatched.length === 0 || this.#atLimit < leastShare * this.#rows) return [];
    const texts = unmatched.map((text) => JSON.stringify(text)).join(", ");
    return [
      `No row of ${this.#rows} ended with ${texts} of sampling.stop, and ${this.#atLimit} ran to sampling.maxTokens: ` +
        "look at them with preview, and stop at what they have where they should end",
    ];
  }
}
