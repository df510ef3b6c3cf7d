/** All filters of a run, in their order: first those that need nothing but the row, then those that need the others. */

import type { Instance } from "../instance.js";
import type { Sources } from "../prompt/seeds.js";
import type { Filters, ResolvedSpec } from "../task/spec.js";
import { assistantFilter } from "./assistant.js";
import { cleaner } from "./clean.js";
import { drawnText } from "./drawn-text.js";
import { fits } from "./fits.js";
import { hintFilter } from "./hint.js";
import { type OwnWord, ownWord } from "./own-word.js";
import { opensReasoning, withoutReasoning } from "./reasoning.js";
import { firstReason, type RowFilter } from "./reasons.js";
import { copyFilter, type RepeatFilters, Repeats } from "./repeats.js";
import { repeatsItself, repetitionFilter } from "./repetition.js";
import { runOnFilter } from "./run-on.js";
import { namedScripts, promptTexts, scriptFilter } from "./script.js";
import { finished, lengthFilter, rejectFilter, requireFilter } from "./words.js";

/** A row as it would be accepted; or why it is rejected. */
export type Verdict = { readonly row: Instance } | { readonly reason: string };

/**
 * The first part. The order of all filters is fixed, and a row is counted under the first that rejects it: empty,
 * reasoning, unparsable, unfinished, short, long, assistant, run-on, repetition, script, hint, the task's `reject`, its
 * `require`, copy; then {@link Acceptance}. Reasoning, the other texts of a verbalized answer, wrappings and what is unfinished are cut off first, and all others see what is
 * left. The verdict depends on the row and the task alone, so any machine may give it, in any order.
 * @param template  what the model's chat template adds to the prompts.
 */
export function rowFilters(
  spec: ResolvedSpec,
  sources: Sources,
  template: readonly string[],
): (row: Instance) => Verdict {
  const { filters } = spec;
  const cut = cutter(spec, sources, template);
  const inOrder: readonly RowFilter[] = [
    lengthFilter(filters),
    ...(filters.assistant ? [assistantFilter(sources.seeds)] : []),
    ...(filters.runOns ? [runOnFilter(spec, template, sources.seeds)] : []),
    ...(filters.repetition && fits(repeatsItself, sources.seeds) ? [repetitionFilter] : []),
    ...(filters.script ? [scriptFilterOf(spec, sources)] : []),
    ...(filters.hint ? [hintFilter] : []),
    rejectFilter(filters.reject),
    requireFilter(filters.require),
    ...(filters.copies ? [copyFilter(filters, sources)] : []),
  ];
  return (row) => {
    if (row.text === "") return { reason: "empty" };
    const verdict = cut(row);
    if ("reason" in verdict) return verdict;
    const reason = firstReason(inOrder, verdict.row);
    return reason === undefined ? verdict : { reason };
  };
}

/** Leaves of a row what is the text that was asked for. */
function cutter(spec: ResolvedSpec, { seeds }: Sources, template: readonly string[]): (row: Instance) => Verdict {
  const { reasoning, clean, unfinished } = spec.filters;
  const isOpened = template.some(opensReasoning);
  const { verbalized } = spec.prompt;
  const draw = verbalized && drawnText(spec, verbalized);
  const peel = clean ? cleaner(spec, seeds) : (text: string) => text;
  return (row) => {
    const answer = reasoning ? withoutReasoning(row.text, isOpened) : row.text;
    if (answer === undefined) return { reason: "reasoning" };
    if (draw !== undefined) {
      const drawn = draw({ ...row, text: answer });
      if (drawn === undefined) return { reason: "unparsable" };
      return { row: { ...drawn, text: peel(drawn.text) } }; // whole, wherever the answer ends
    }
    const text = peel(answer);
    const kept = finished(text === row.text ? row : { ...row, text, cleaned: true }, unfinished);
    if (kept === undefined) return { reason: "unfinished" };
    // the first of two items is no list any more when the second was cut off
    const peeled = kept.cut ? peel(kept.text) : kept.text;
    return { row: peeled === kept.text ? kept : { ...kept, text: peeled, cleaned: true } };
  };
}

function scriptFilterOf(spec: ResolvedSpec, { seeds, contexts }: Sources): RowFilter {
  if (seeds.size > 0) return scriptFilter(seeds);
  const texts = promptTexts(spec);
  return scriptFilter([...texts, ...contexts], namedScripts(texts));
}

/** The second part: duplicate, near-duplicate, the caller's own word. It judges rows in the order of their groups. */
export class Acceptance {
  readonly #repeats: Repeats;
  readonly #ownWord: OwnWord | undefined;

  constructor(filters: RepeatFilters & Pick<Filters, "accept" | "acceptGroup">) {
    this.#repeats = new Repeats(filters);
    this.#ownWord = ownWord(filters);
  }

  /**
   * Why a row is rejected as a repeat, or undefined. Changes nothing: it is the caller who knows whether there is room
   * for it.
   */
  repeated(row: Instance): string | undefined {
    return this.#repeats.filter(row);
  }

  /**
   * Why the caller rejects rows of a group; those that it accepts are not there. It is asked about all that repeat no
   * row of an earlier group.
   * @throws {FilterError} CORRSYNTH_FILTER when it fails.
   */
  async ask(rows: readonly Instance[]): Promise<ReadonlyMap<Instance, string>> {
    const asked = this.#ownWord === undefined ? [] : rows.filter((row) => this.repeated(row) === undefined);
    if (asked.length === 0) return new Map();
    const reasons = await this.#ownWord!(asked);
    return new Map(asked.flatMap((row, i) => (reasons[i] === undefined ? [] : [[row, reasons[i]] as const])));
  }

  /** Remembers an accepted row, of this session or an earlier one. Surplus rows are not: they are in no dataset. */
  remember(row: { readonly text: string }): void {
    this.#repeats.remember(row);
  }
}
