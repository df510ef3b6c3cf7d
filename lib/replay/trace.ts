/** What the contrast did to each token of a row, as the engine tells it, in the words of the task. */
import type { NativeGroup, NativeTokenShare } from "../engine/binding.js";
import type { Group } from "../prompt/group.js";
import type { Prepared } from "../run/prepare.js";

/** Whose logits a row is contrasted with. */
export interface ReplayPartner {
  /** Its number in the group; pushes name it. Rows that generate come first, as in ids. */
  readonly row: number;
  /**
   * Another "row" with what it has written itself; the "prompt" of a partner (CFG), the prompt "without-context", the
   * "negative" prompt, the "amateur", the "guide" or an early "layer" of the teacher, each with the row's own text so far.
   */
  readonly kind: "row" | "prompt" | "without-context" | "negative" | "amateur" | "guide" | "layer";
  /** Name of the label whose prompt it has. */
  readonly label: string;
  /** Which of the label's R prompts it has, from 0. */
  readonly repeat: number;
  /** Of a row, its id. */
  readonly id?: string;
  /** Of a row, what it wrote in the whole, trimmed. Written by a language model: treat it as untrusted. */
  readonly text?: string;
}

/** What one partner did to a token. */
export interface TokenPush {
  /** Number of the partner, see {@link ReplayPartner}. */
  readonly row: number;
  /** γ_mn, its weight while so many of its set run; below 0 of a guide, which is mixed in. */
  readonly weight: number;
  /**
   * γ_mn · (r(w) − mean of r) in nats, r(w) = ln p(w) − ln p_n(w): the row's own probability of the token and the partner's,
   * both over the whole vocabulary at temperature 1; the mean is over the plausible tokens, weighted by p, so that a
   * partner that finds all of them equally unlikely pushes none. Above 0: this partner made the token more likely.
   */
  readonly nats: number;
  /** Of an early layer, which one was chosen at this token: the state after so many blocks. */
  readonly layer?: number;
}

/** A token that may have been drawn. Probabilities are 0..1. */
export interface LikelyToken {
  /** Its number in the vocabulary. */
  readonly token: number;
  /** Its text; part of a character shows as "\uFFFD". */
  readonly text: string;
  /** Under the row's own distribution, see {@link TokenTrace}. */
  readonly own: number;
  /** Under the contrasted one; 0 of a token that is not plausible. */
  readonly contrasted: number;
}

/**
 * One token of a row, and what the contrast did to it. The parts add up: `ln contrasted = (exponent · ln own + Σ pushes) /
 * temperature − logScale`, but of a token with `isKeptEnd`, which nothing pushed.
 */
export interface TokenTrace extends LikelyToken {
  /** Its probability under the teacher's own distribution for the row, at temperature 1, over the whole vocabulary. */
  readonly own: number;
  /** Its probability among the plausible tokens, contrasted and at the task's temperature, before the nucleus (top-p, top-k). */
  readonly contrasted: number;
  /** The probability with which it was drawn: `contrasted` within the nucleus. */
  readonly drawn: number;
  /** What is left of the row's own distribution beside the pushes: δ, while the partners run. */
  readonly exponent: number;
  /** The temperature of the draw; that of fewgen-matched included. */
  readonly temperature: number;
  /** What makes the probabilities sum to 1, in nats. */
  readonly logScale: number;
  /** With `sampling.ends: "kept"`: the row ended here as its own distribution has it, before any contrast. */
  readonly isKeptEnd: boolean;
  /** Tokens that are plausible (α). */
  readonly plausible: number;
  /** Tokens within the nucleus, of which it was drawn. */
  readonly nucleus: number;
  /** What each partner that still ran did to it, by row. */
  readonly pushes: readonly TokenPush[];
  /** Row of the partner whose push is the largest, up or down; null where none ran. */
  readonly strongest: number | null;
  /** The most likely tokens of the teacher's own distribution, the best first. */
  readonly likelyOwn: readonly LikelyToken[];
  /** Those of the contrasted one. */
  readonly likelyContrasted: readonly LikelyToken[];
}

/** The traced row of a group, token by token; the one that ended it included. */
export function traceOf({ native }: Prepared, { trace = [], pieces = {} }: NativeGroup): TokenTrace[] {
  const { layers } = native.context;
  const named = ({ token, own, contrasted }: NativeTokenShare): LikelyToken => {
    return { token, text: pieces[token] ?? "", own, contrasted };
  };
  return trace.map((step) => {
    const pushes = step.pushes.map(({ layer, ...push }) => (layer < 0 ? push : { ...push, layer: layers[layer]! }));
    const [first] = [...pushes].sort((a, b) => Math.abs(b.nats) - Math.abs(a.nats));
    const { drawn, exponent, logScale, isKeptEnd, plausible, nucleus } = step;
    return {
      ...named(step),
      ...{ drawn, exponent, temperature: native.step.temperature, logScale, isKeptEnd, plausible, nucleus },
      pushes,
      strongest: first?.row ?? null,
      likelyOwn: step.likely.map(named),
      likelyContrasted: step.contrasts.map(named),
    };
  });
}

/**
 * The partners that a row has while all of them run, by their numbers.
 * @param texts  of the rows that generate.
 */
export function partnersOf(
  { shape, spec, second, native }: Prepared,
  group: Group,
  row: number,
  texts: readonly string[],
): ReplayPartner[] {
  const members = shape.sets.filter((set) => set.row === row).flatMap((set) => set.members);
  const labelOf = (m: number) => spec.labels[group.promptLabels[shape.rows[m]!.label] ?? -1]?.name ?? "";
  const there = [...new Set(members)].filter((m) => group.present?.[m] !== false).sort((a, b) => a - b);
  const found = there.map((m): ReplayPartner => {
    const { prompt, source, repeat } = shape.rows[m]!;
    const kind = source === 1 ? second!.role : m < shape.generating ? "row" : prompt === "own" ? "prompt" : prompt;
    const own = kind === "row" ? { id: `${group.index}.${m}`, text: texts[m] ?? "" } : {};
    return { row: m, kind, label: labelOf(m), repeat, ...own };
  });
  if (native.shape.layerWeight === 0) return found;
  const { repeat } = shape.rows[row]!;
  return [...found, { row: shape.rows.length + row, kind: "layer", label: labelOf(row), repeat }];
}
