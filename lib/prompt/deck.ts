/** Things that are dealt in turn, each once, before any comes again. */
import type { RandomStream } from "../random.js";

/**
 * The numbers 0..size − 1 in random order, then all of them in another, and so on without end. What place n holds depends
 * on n and the streams alone, so that places can be asked for in any order.
 */
export class Deck {
  readonly #size: number;
  readonly #streamOf: (round: number) => RandomStream;
  #round = -1;
  #order: readonly number[] = [];

  /**
   * @param size  integer ≥ 1.
   * @param streamOf  what a round is shuffled by: round r holds places r·size to (r + 1)·size − 1.
   */
  constructor(size: number, streamOf: (round: number) => RandomStream) {
    this.#size = size;
    this.#streamOf = streamOf;
  }

  /** @param place  integer ≥ 0. */
  at(place: number): number {
    const round = Math.floor(place / this.#size);
    if (round !== this.#round) {
      this.#order = this.#streamOf(round).sample(this.#size, this.#size);
      this.#round = round;
    }
    return this.#order[place % this.#size]!;
  }
}
