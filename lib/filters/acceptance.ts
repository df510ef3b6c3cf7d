/** All filters of a run, in their order, and the texts that the later rows must not repeat. */
import type { Instance } from "../run/instance.js";
import type { Sources } from "../run/prepare.js";
import type { ResolvedSpec } from "../task/spec.js";
import { lengthFilter } from "./length.js";
import { ownFilter } from "./own-filter.js";
import { rejectFilter, requireFilter } from "./patterns.js";
import { refusalFilter } from "./refusals.js";
import { Repeats } from "./repeats.js";
import type { RowFilter } from "./row-filter.js";
import { runOnFilter } from "./run-on.js";
import { finished } from "./unfinished.js";

/** A row that may be accepted, as it would be; or why it is rejected. */
export type Verdict = { readonly row: Instance } | { readonly reason: string };

/**
 * The filters of a run. Their order is fixed, and a row is counted under the first that rejects it: empty, unfinished, short, long,
 * refusal, run-on, the task's `reject`, its `require`, copy, duplicate, near-duplicate, the caller's `accept`. What is cut is cut
 * before all others, which see what is left.
 */
export class Acceptance {
  readonly #unfinished: ResolvedSpec["filters"]["unfinished"];
  readonly #filters: readonly RowFilter[];
  readonly #repeats: Repeats;

  /** @param template  what the model's chat template adds to the prompts. */
  constructor(spec: ResolvedSpec, sources: Sources, template: readonly string[]) {
    const { filters } = spec;
    this.#unfinished = filters.unfinished;
    this.#repeats = new Repeats(filters, sources);
    this.#filters = [
      lengthFilter(filters),
      ...(filters.refusals ? [refusalFilter] : []),
      ...(filters.runOns ? [runOnFilter(spec, template)] : []),
      rejectFilter(filters.reject),
      requireFilter(filters.require),
      this.#repeats.filter,
      ...(filters.accept ? [ownFilter(filters.accept)] : []),
    ];
  }

  /** Judges a row. Changes nothing: it is the caller who knows whether there is room for it. */
  judge(row: Instance): Verdict {
    if (row.text === "") return { reason: "empty" };
    const kept = finished(row, this.#unfinished);
    if (kept === undefined) return { reason: "unfinished" };
    for (const filter of this.#filters) {
      const reason = filter(kept);
      if (reason !== undefined) return { reason };
    }
    return { row: kept };
  }

  /** Remembers an accepted text, in this session or in an earlier one. Surplus rows are not: they are in no dataset. */
  remember(text: string): void {
    this.#repeats.remember(text);
  }
}

/** Whether a row is compared with those accepted before it, so that a resumed run must know them. */
export function comparesRows({ filters }: ResolvedSpec): boolean {
  return filters.duplicates || filters.nearDuplicates !== false;
}
