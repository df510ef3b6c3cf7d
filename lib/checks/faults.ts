// What is wrong with many rows: faults that are the same become one, with how often and where first.
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { mostNamed } from "./nearest.js";

interface Fault {
  readonly place: string;
  readonly message: string;
  count: number;
  readonly also: string[];
}

const mostAlso = 4;

/** Faults of rows as they are found. Memory stays at the first 20 different ones. */
export class Faults {
  readonly #faults = new Map<string, Fault>();
  #rest = 0;

  /**
   * @param key  faults of the same key are the same.
   * @param place  where it is, ending in a number: `seeds.jsonl:12`, `seeds[3]`.
   * @param message  what is wrong; asked only where it is shown, since looking for the nearest name takes time.
   */
  add(key: string, place: string, message: () => string): void {
    const known = this.#faults.get(key);
    if (known !== undefined) {
      known.count++;
      if (known.also.length < mostAlso) known.also.push(/\d+(?=\]?$)/.exec(place)?.[0] ?? place);
    } else if (this.#faults.size < mostNamed) {
      this.#faults.set(key, { place, message: message(), count: 1, also: [] });
    } else {
      this.#rest++;
    }
  }

  /**
   * The first 20 different faults, each at its first place, and how many more rows are wrong.
   * @param path  of the line that counts the rest.
   */
  issues(path: string): ConfigIssue[] {
    const issues = [...this.#faults.values()].map(({ place, message, count, also }): ConfigIssue => {
      const dots = count - 1 > also.length ? ", …" : "";
      const times = ` (${count} times, also at ${also.join(", ")}${dots})`;
      return { path: place, message: count === 1 ? message : message + times };
    });
    return this.#rest === 0 ? issues : [...issues, { path, message: `and ${this.#rest} more that are wrong` }];
  }

  /** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG where there are any. */
  throwAny(path: string): void {
    if (this.#faults.size > 0) throw new InvalidConfigError(this.issues(path));
  }
}
