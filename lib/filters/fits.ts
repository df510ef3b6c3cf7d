/** What the seeds have to say of a rule: a habit of theirs is no fault of a row. */

/** A rule that can be left out by itself. */
export interface Rule {
  /** What it finds, in the plural: "quotation marks around texts". */
  readonly name: string;
  readonly findsFault: (text: string) => boolean;
}

/** A rule that finds fault with a larger share of the seeds does not fit the task's texts. */
const mostSeeds = 0.02;

/**
 * Whether a rule suits texts like the seeds: it finds fault with at most 2 % of them. One that does not is left out,
 * such as the rule on refusals where refusals are what is to be classified. True where there are no seeds.
 */
export function fits(findsFault: (text: string) => boolean, seeds: ReadonlySet<string>): boolean {
  const most = mostSeeds * seeds.size;
  let faults = 0;
  for (const seed of seeds) if (findsFault(seed) && ++faults > most) return false;
  return true;
}

/** How many of the seeds a rule finds fault with. */
export function faultsOf(findsFault: (text: string) => boolean, seeds: ReadonlySet<string>): number {
  let faults = 0;
  for (const seed of seeds) if (findsFault(seed)) faults++;
  return faults;
}
