// Figures of single runs, and the tables of arms that they come to: at equal rows, and at equal tokens.
import { type Interval, mean, tInterval } from "../numbers/statistics.js";
import type { PrimaryMeasure, RowFigures } from "./measure.js";
import { type Gain, gainsOver } from "./statistics.js";

/** How the rows of arms are made comparable. */
export type EqualBy = "rows" | "tokens";

/** All figures of a run. */
export interface RunFigures {
  readonly arm: string;
  readonly seed: number;
  /** Rows that it has, and whether these are all that were asked for. */
  readonly rows: number;
  readonly isWhole: boolean;
  /** Share of all rows written that the filters and the check let pass, 0..1. */
  readonly accepted: number | null;
  readonly groups: number;
  /** Decoded and of prompts, contrast rows included. */
  readonly tokens: number;
  readonly seconds: number;
  /** Of the rows that are compared at equal rows, and at equal tokens. */
  readonly equal: Readonly<Record<EqualBy, RowFigures>>;
}

/** A mean over seeds, with its 95 % interval by Student's t. */
export interface SeedMean {
  readonly n: number;
  /** Null without a figure. */
  readonly mean: number | null;
  /** Null of fewer than two. */
  readonly interval: Interval | null;
}

/** A line of a table: means over the seeds of an arm. */
export interface ArmLine {
  readonly arm: string;
  /** Seeds of which there is a run. */
  readonly seeds: number;
  /** Runs that have fewer rows than were asked for. */
  readonly short: number;
  readonly rows: SeedMean;
  /** Of the whole run, not of the rows that are compared. */
  readonly tokens: SeedMean;
  readonly seconds: SeedMean;
  readonly accepted: SeedMean;
  readonly fidelity: SeedMean;
  readonly selfBleu5: SeedMean;
  readonly distinct2: SeedMean;
  readonly proxy: { readonly alone: SeedMean; readonly withSeeds: SeedMean };
  readonly logistic: { readonly alone: SeedMean; readonly withSeeds: SeedMean } | null;
  /** Of the primary measure over the one to beat, paired by seed; null of that itself. */
  readonly gain: Gain | null;
  /**
   * At equal rows, of the primary measure over FewGen's curve at the arm's own diversity; null at equal tokens, of FewGen at its
   * temperatures, and where it has fewer than two.
   */
  readonly overCurve: Gain | null;
  /** As `gain`, by label: of the share of its test rows that the student gives it; null of the one to beat. */
  readonly byLabel: Readonly<Record<string, SeedMean>> | null;
}

/** The figure of the primary measure; null where there is none, and at equal rows of a run that has too few. */
export function primaryOf(run: RunFigures, equal: EqualBy, { student, trainedOn }: PrimaryMeasure): number | null {
  if (equal === "rows" && !run.isWhole) return null;
  return run.equal[equal][student]?.[trainedOn] ?? null;
}

// Of each label that both have, paired by seed. Small parts of one difference: they show where it comes from, and claim nothing.
function labelGains(
  own: readonly RunFigures[],
  base: readonly RunFigures[],
  equal: EqualBy,
): Readonly<Record<string, SeedMean>> {
  const differences = new Map<string, number[]>();
  for (const run of own) {
    const beside = base.find(({ seed }) => seed === run.seed);
    if (beside === undefined || (equal === "rows" && !(run.isWhole && beside.isWhole))) continue;
    const others = new Map(Object.entries(beside.equal[equal].byLabel));
    for (const [label, share] of Object.entries(run.equal[equal].byLabel)) {
      const other = others.get(label);
      if (other !== undefined) differences.set(label, [...(differences.get(label) ?? []), share - other]);
    }
  }
  return Object.fromEntries([...differences].map(([label, values]) => [label, meanOf(values)]));
}

/**
 * A table.
 * @param arms  names, the one to beat first.
 */
export function tableOf(
  arms: readonly string[],
  runs: readonly RunFigures[],
  equal: EqualBy,
  primary: PrimaryMeasure,
): ArmLine[] {
  const seeds = Math.max(0, ...runs.map(({ seed }) => seed + 1));
  const bySeed = (arm: string) =>
    Array.from({ length: seeds }, (_, seed) => {
      const run = runs.find((one) => one.arm === arm && one.seed === seed);
      return run === undefined ? null : primaryOf(run, equal, primary);
    });
  const [base, ...others] = arms.map(bySeed);
  const gains = [null, ...gainsOver(others, base ?? [])];
  const ofBase = runs.filter(({ arm }) => arm === arms[0]);
  return arms.map((arm, a) => {
    const own = runs.filter((run) => run.arm === arm);
    const of = (figure: (run: RunFigures) => number | null | undefined) => meanOf(own.map(figure));
    const scores = (student: "proxy" | "logistic") => ({
      alone: of((run) => run.equal[equal][student]?.alone),
      withSeeds: of((run) => run.equal[equal][student]?.withSeeds),
    });
    return {
      ...{ arm, seeds: own.length, short: own.filter(({ isWhole }) => !isWhole).length },
      rows: of((run) => run.equal[equal].rows),
      tokens: of(({ tokens }) => tokens),
      seconds: of(({ seconds }) => seconds),
      accepted: of(({ accepted }) => accepted),
      fidelity: of((run) => run.equal[equal].fidelity),
      selfBleu5: of((run) => run.equal[equal].selfBleu5),
      distinct2: of((run) => run.equal[equal].distinct2),
      proxy: scores("proxy"),
      logistic: primary.student === "logistic" ? scores("logistic") : null,
      gain: gains[a]!,
      overCurve: null,
      byLabel: a === 0 ? null : labelGains(own, ofBase, equal),
    };
  });
}

/** The mean of those figures that there are. */
export function meanOf(figures: readonly (number | null | undefined)[]): SeedMean {
  const known = figures.filter((figure) => typeof figure === "number");
  return { n: known.length, mean: known.length === 0 ? null : mean(known), interval: tInterval(known) };
}
