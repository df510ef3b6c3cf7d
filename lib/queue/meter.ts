/** How fast something goes at present: the mean over the last half minute. */
export class Meter {
  readonly #window: number;
  readonly #now: () => number;
  readonly #samples: { readonly at: number; readonly total: number }[] = [];
  #total = 0;

  /**
   * @param window  seconds that the mean is over.
   * @param now  milliseconds, monotonic.
   */
  constructor(window = 30, now: () => number = () => performance.now()) {
    this.#window = window * 1000;
    this.#now = now;
    this.#samples.push({ at: now(), total: 0 });
  }

  get total(): number {
    return this.#total;
  }

  add(amount: number): void {
    this.#total += amount;
  }

  /** Per second. Looks once a second or so: each look is remembered for the next. */
  rate(): number {
    const at = this.#now();
    this.#samples.push({ at, total: this.#total });
    while (this.#samples.length > 2 && at - this.#samples[1]!.at >= this.#window) this.#samples.shift();
    const first = this.#samples[0]!;
    return at > first.at ? ((this.#total - first.total) * 1000) / (at - first.at) : 0;
  }
}
