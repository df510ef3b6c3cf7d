/** Rows of two topics made of words of their own, some under the wrong label: what influence and weights should find. */
import { evaluationRandom } from "../../../lib/random.js";

const words = {
  sports: ["goal", "match", "coach", "league", "striker", "penalty", "season", "fans", "stadium", "cup"],
  business: ["shares", "profit", "market", "bank", "merger", "quarter", "investor", "loan", "stock", "revenue"],
};
const common = ["the", "a", "of", "new", "after", "says", "in", "first", "week", "report"];

export interface NoisyRow {
  readonly text: string;
  readonly label: string;
  /** Whether the label is the other topic's. */
  readonly isFlipped: boolean;
}

/** @param share  of the rows that are under the wrong label. */
export function noisyRows(count: number, share: number, seed = 1): NoisyRow[] {
  const random = evaluationRandom(seed, "sample");
  const pick = (list: readonly string[]) => list[random.below(list.length)]!;
  return Array.from({ length: count }, (_, i) => {
    const topic = i % 2 === 0 ? "sports" : "business";
    const isFlipped = random.below(1000) < 1000 * share;
    const text = Array.from({ length: 9 }, (_, w) => pick(w % 3 === 0 ? words[topic] : common)).join(" ");
    const label = isFlipped === (topic === "sports") ? "business" : "sports";
    return { text, label, isFlipped };
  });
}

/** How likely a flipped row has a smaller score than another, 0..1; a half is chance. */
export function areaUnderCurve(rows: readonly NoisyRow[], scores: readonly number[]): number {
  const of = (flipped: boolean) => scores.filter((_, r) => rows[r]!.isFlipped === flipped);
  const [wrong, right] = [of(true), of(false)];
  const wins = wrong.flatMap((w) => right.map((r) => (w < r ? 1 : w === r ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}
