/**
 * The partner that a row of any coupling may have beside the coupling's own: the second logits matrix of a step, which holds
 * one row more for each that generates.
 *
 * The coupling alone scores a token w by γ·l_m(w) − Σ_n γ_mn·l_n(w), l_m the row's logits, l_n those of its partners. With
 *
 * - an **amateur** of weight ω at temperature τ, logits a_m:  γ·l_m − Σ_n γ_mn·l_n − (ω/τ)·a_m;
 * - **early layers** of weight ω, logits q_j of the layer that is taken:  γ·l_m − Σ_n γ_mn·l_n − ω·q_j;
 * - a **guide** of weight w in 0..1, logits b_m:  γ·((1 − w)·l_m + w·b_m) − Σ_n γ_mn·l_n.
 *
 * The first two are one more partner: they take ω of what the row shares with them, so γ or δ pays for it as for any
 * other, and δ = γ − Σ_n γ_mn − ω. A guide takes nothing: the row's own distribution is replaced by the geometric mean
 * p^(1−w)·b^w before the coupling contrasts it, which is a partner of weight −γ·w with (1 − w)·γ left for the row. So a guide that
 * says what the teacher says changes nothing, whatever γ is. (Were its share w and not γ·w, the two would add up to γ only
 * where γ is 1: at another γ agreeing with the teacher would be heat.) While partners are missing γ falls as ever, and
 * the guide has its share of what is left.
 *
 * Raw logits do: what normalises a row is one constant over w. Of weight 0 each is the coupling alone, and is not asked.
 * The plausible set is the teacher's. A step has one second matrix, so a coupling has one of the three.
 */

/** A second model whose logits a row is contrasted with beside those of other rows. */
export interface AmateurPartner {
  /** How much is taken of the amateur's logits: ≥ 0. */
  readonly weight: number;
  /** Divides the amateur's logits: > 0. */
  readonly temperature: number;
}

/** A second model that is mixed into a row's own distribution. */
export interface GuidePartner {
  /** Its share in the exponents: 0..1. */
  readonly weight: number;
}

/** Which of the teacher's layers a row may be contrasted with. */
export type Layers = "low" | "high" | readonly number[];

/** Early layers of the teacher that a row is contrasted with beside other rows. */
export interface LayersPartner {
  readonly layers: Layers;
  /** How much is taken of the early layer's logits: ≥ 0. */
  readonly weight: number;
}

/** What a method may have beside its own partners: one of them at most. */
export interface Partners {
  readonly amateur?: AmateurPartner | undefined;
  readonly guide?: GuidePartner | undefined;
  readonly dola?: LayersPartner | undefined;
}

const names = ["amateur", "guide", "dola"] as const;

/** What an amateur or early layers take of a row's total; 0 of a guide, which is mixed in. */
export function takenBeside({ amateur, dola }: Weights): number {
  return amateur?.weight ?? dola?.weight ?? 0;
}
type Weights = { readonly [Name in "amateur" | "dola"]?: { readonly weight: number } | undefined };

/** The field of a partner that takes something, for a refusal; undefined where none is given. */
export function paidField({ amateur, dola }: Partners): "amateur" | "dola" | undefined {
  if (amateur !== undefined) return "amateur";
  return dola === undefined ? undefined : "dola";
}

/** Whether more than one is given. */
export function partnersIssue(given: Partners): { path: string[]; message: string } | undefined {
  const [first, second] = names.filter((name) => given[name] !== undefined);
  if (first === undefined || second === undefined) return undefined;
  const message =
    `Expected one of "amateur", "guide" and "dola", since a step has one second matrix of logits, ` +
    `received "${second}" beside "${first}": leave one out`;
  return { path: [second], message };
}

/** Of settings that may not be sound yet: their weight, or NaN where they are no partner. */
export function weightBeside(given: Partners): number | undefined {
  const name = paidField(given);
  if (name === undefined) return undefined;
  const { weight } = (given[name] ?? {}) as { weight?: unknown };
  return typeof weight === "number" ? weight : Number.NaN;
}
