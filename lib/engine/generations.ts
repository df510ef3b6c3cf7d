/** A run's generations, one for each copy of the teacher, seen as one: groups go to whichever has room. */
import type { NativeCounters, NativeGenerationOptions } from "./binding.js";
import { Generation, type GenerationEvents } from "./generation.js";
import type { Teacher } from "./teacher.js";

/**
 * Events of all generations, `want` for one after the other: a generation asks when the one before it has its answer.
 * The first that fails stops the others.
 */
export class Generations {
  /** Resolves with the sums of all counters when all have ended; rejects with what stopped the first. */
  readonly ended: Promise<NativeCounters>;
  readonly #all: Generation[] = [];
  readonly #counters = new Map<number, NativeCounters>();
  /** Those that wait for an answer, in the order in which they asked. */
  readonly #asking: Generation[] = [];
  readonly #want: () => void;

  /**
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed.
   */
  constructor(teacher: Teacher, options: NativeGenerationOptions, { want, ...events }: GenerationEvents) {
    this.#want = want;
    for (const replica of teacher.replicas().keys()) {
      const generation: Generation = new Generation(
        teacher,
        options,
        {
          want: () => {
            if (this.#asking.push(generation) === 1) want();
          },
          ...events,
          progress: (counters) => {
            this.#counters.set(replica, counters);
            events.progress(this.#sum());
          },
        },
        replica,
      );
      this.#all.push(generation);
    }
    this.ended = this.#end();
    this.ended.catch(() => {}); // whoever awaits it sees the error; a run that nobody awaits must not end the process
  }

  /** Answers `want` with a group: its index and the tokens of each row's prompt. */
  submit(index: number, prompts: readonly Int32Array[]): void {
    this.#answer((generation) => generation.submit(index, prompts));
  }

  /** Answers `want` with: none for now. The engine asks again when rows have ended. */
  decline(): void {
    this.#answer((generation) => generation.decline());
  }

  /** Stops all of them within one graph operation; `ended` then rejects. Harmless when they have ended. */
  cancel(): void {
    for (const generation of this.#all) generation.cancel();
  }

  /** Whether waiting engines keep the process alive; they do by default. */
  keepAlive(alive: boolean): void {
    for (const generation of this.#all) generation.keepAlive(alive);
  }

  #answer(give: (generation: Generation) => void): void {
    const generation = this.#asking.shift();
    if (generation === undefined) throw new TypeError("Expected an answer after want, one for each");
    give(generation);
    if (this.#asking.length > 0) this.#want();
  }

  async #end(): Promise<NativeCounters> {
    try {
      const counters = await Promise.all(this.#all.map(({ ended }) => ended));
      for (const [replica, each] of counters.entries()) this.#counters.set(replica, each);
      return this.#sum();
    } catch (error) {
      this.cancel();
      await Promise.allSettled(this.#all.map(({ ended }) => ended));
      throw error;
    }
  }

  #sum(): NativeCounters {
    return [...this.#counters.values()].reduce(add);
  }
}

// Times too: seconds of engines, not of a clock.
function add(a: NativeCounters, b: NativeCounters): NativeCounters {
  const sums = Object.entries(a).map(([name, value]) => {
    const other = b[name as keyof NativeCounters];
    return [name, typeof value === "number" ? value + Number(other) : value || other];
  });
  return Object.fromEntries(sums) as NativeCounters;
}
