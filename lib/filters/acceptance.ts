/** All filters of a run, in their order, in two parts: those that need nothing but the row, and those that need the rows before. */
import type { Instance } from "../instance.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters, ResolvedSpec } from "../task/spec.js";
import { copyFilter } from "./copies.js";
import { lengthFilter } from "./length.js";
import { ownFilter } from "./own-filter.js";
import { rejectFilter, requireFilter } from "./patterns.js";
import { refusalFilter } from "./refusals.js";
import { type RepeatFilters, Repeats } from "./repeats.js";
import type { RowFilter } from "./row-filter.js";
import { runOnFilter } from "./run-on.js";
import { finished } from "./unfinished.js";

/** A row as it would be accepted; or why it is rejected. */
export type Verdict = { readonly row: Instance } | { readonly reason: string };

/**
 * The first part. The order of all filters is fixed, and a row is counted under the first that rejects it: empty, unfinished,
 * short, long, refusal, run-on, the task's `reject`, its `require`, copy; then {@link Acceptance}. What is cut is cut before all
 * others, which see what is left. The verdict depends on the row and the task alone, so any machine may give it, in any order.
 */
export class RowFilters {
  readonly #unfinished: Filters["unfinished"];
  readonly #filters: readonly RowFilter[];

  /** @param template  what the model's chat template adds to the prompts. */
  constructor(spec: ResolvedSpec, sources: Sources, template: readonly string[]) {
    const { filters } = spec;
    this.#unfinished = filters.unfinished;
    this.#filters = [
      lengthFilter(filters),
      ...(filters.refusals ? [refusalFilter] : []),
      ...(filters.runOns ? [runOnFilter(spec, template)] : []),
      rejectFilter(filters.reject),
      requireFilter(filters.require),
      ...(filters.copies ? [copyFilter(filters, sources)] : []),
    ];
  }

  judge(row: Instance): Verdict {
    if (row.text === "") return { reason: "empty" };
    const kept = finished(row, this.#unfinished);
    if (kept === undefined) return { reason: "unfinished" };
    const reason = firstReason(this.#filters, kept);
    return reason === undefined ? { row: kept } : { reason };
  }
}

/** The second part: duplicate, near-duplicate, the caller's `accept`. It judges rows in the order in which they are accepted. */
export class Acceptance {
  readonly #filters: readonly RowFilter[];
  readonly #repeats: Repeats;

  constructor(filters: RepeatFilters & Pick<Filters, "accept">) {
    this.#repeats = new Repeats(filters);
    this.#filters = [this.#repeats.filter, ...(filters.accept ? [ownFilter(filters.accept)] : [])];
  }

  /** Why a row is rejected, or undefined. Changes nothing: it is the caller who knows whether there is room for it. */
  judge(row: Instance): string | undefined {
    return firstReason(this.#filters, row);
  }

  /** Remembers an accepted row, of this session or an earlier one. Surplus rows are not: they are in no dataset. */
  remember(row: { readonly text: string }): void {
    this.#repeats.remember(row);
  }
}

function firstReason(filters: readonly RowFilter[], row: Instance): string | undefined {
  for (const filter of filters) {
    const reason = filter(row);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
