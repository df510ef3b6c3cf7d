// What an evaluation says of students: plain JSON.
import type { Interval } from "../numbers/statistics.js";
import type { OrMissing } from "./or-missing.js";

/** How well students do that were trained on one set and tested on another. */
export interface StudentFigures {
  readonly student: string;
  readonly trainRows: number;
  readonly testRows: number;
  /** Mean over the students, 0..1. */
  readonly accuracy: number;
  /** 95 % over the students, by Student's t; null of one. Narrow where they differ in the rows' order alone. */
  readonly interval: Interval | null;
  /** 95 % over the test rows (Wilson): what their number leaves open. */
  readonly rowsInterval: Interval;
  readonly perRun: readonly number[];
  /** All labels of training and test rows, sorted. */
  readonly labels: readonly string[];
  /** Labels that only test rows have: these rows are counted, and are always wrong. */
  readonly unseenLabels: readonly string[];
  /** `confusion[label][predicted]`: test rows, summed over the students. */
  readonly confusion: readonly (readonly number[])[];
}

/** Whether rows are what their labels say, by a student of human rows; `accuracy` is the share that it confirms. */
export interface LabelFidelity extends StudentFigures {
  /** What the judge learnt from. */
  readonly judge: "gold to train on" | "gold" | "seeds";
  /**
   * Share of the judge's own training rows whose label it gives without having seen them, 0..1: true rows are not
   * confirmed more often. Null of one row.
   */
  readonly judgeAccuracy: number | null;
}

/** What students learn from, with its name for people; in the order of the tables. */
export const yardstickSets = {
  seeds: "seeds alone",
  seedsRepeated: "seeds, repeated to as many rows",
  synthetic: "synthetic rows",
  syntheticAndSeeds: "synthetic rows and seeds",
  goldOfSameSize: "gold, as many rows",
  allGold: "all gold",
} as const;

/** One of the sets that students learn from. */
export type YardstickSet = keyof typeof yardstickSets;

/** How well students do that learnt from one set. */
export interface YardstickFigures {
  /** Rows that one student learnt from. */
  readonly trainRows: number;
  /** On the gold rows, 0..1: mean of students on all rows of the set; of gold of the same size the mean over its draws. */
  readonly accuracy: number;
  /**
   * 95 % over what the rows happened to be: ± 2.78 standard deviations of the draws. Each draw is a half of the rows of each
   * label, which spreads like sets of all of them would; of gold of the same size other rows, as many.
   */
  readonly interval: Interval;
  /** The five draws. */
  readonly perDraw: readonly number[];
}

/** Students of one kind on every set, tested on the same gold rows. */
export interface Yardsticks {
  readonly student: string;
  readonly testRows: number;
  /** 95 % of the accuracy on synthetic rows over what the test rows happened to be (Wilson); it moves all sets alike. */
  readonly rowsInterval: Interval;
  readonly sets: Readonly<Record<YardstickSet, OrMissing<YardstickFigures>>>;
}

/**
 * An accuracy in percent with its interval, or a dash.
 * @example
 * import { yardstickText } from "corrsynth/evaluate";
 * const value = { trainRows: 40, accuracy: 0.815, interval: [0.792, 0.838] as const, perDraw: [] };
 * console.log(yardstickText({ value })); // 81.5 (79.2 – 83.8)
 */
export function yardstickText({ value }: OrMissing<YardstickFigures>): string {
  if (value === null) return "–";
  const [accuracy, low, high] = [value.accuracy, ...value.interval].map((share) => (100 * share).toFixed(1));
  return `${accuracy} (${low} – ${high})`;
}
