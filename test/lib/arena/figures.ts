/** Fabricated figures of runs: an accuracy for each arm and seed, all else alike. */
import type { PrimaryMeasure, RowFigures } from "../../../lib/arena/measure.js";
import type { ArenaRecord } from "../../../lib/arena/record.js";
import { type RunFigures, tableOf } from "../../../lib/arena/tables.js";
import { verdictOf } from "../../../lib/arena/words.js";

export const primary: PrimaryMeasure = { student: "proxy", trainedOn: "withSeeds" };

function figures(withSeeds: number): RowFigures {
  const scores = { proxy: { alone: 0.3, withSeeds }, logistic: null };
  // all of the difference between arms is in the label b
  const byLabel = { a: 0.5, b: 2 * withSeeds - 0.5 };
  return { rows: 8, fidelity: 0.5, selfBleu5: 0.1, distinct2: 0.9, ...scores, byLabel };
}

/** Runs of arms by their accuracies, in per cent, seed by seed. */
export function runsOf(arms: Readonly<Record<string, readonly number[]>>): RunFigures[] {
  return Object.entries(arms).flatMap(([arm, accuracies]) =>
    accuracies.map((accuracy, seed) => {
      const own = figures(accuracy / 100);
      return {
        arm,
        seed,
        rows: 8,
        isWhole: true,
        accepted: 0.5,
        groups: 2,
        tokens: 100,
        seconds: 1,
        equal: { rows: own, tokens: own },
      };
    }),
  );
}

/** The record of arms by their accuracies; the first is the one to beat. */
export function recordOf(
  accuracies: Readonly<Record<string, readonly number[]>>,
  changes: Partial<ArenaRecord> = {},
): ArenaRecord {
  const names = Object.keys(accuracies);
  const arms = names.map((name) => ({ name, why: "", fields: { method: { name } } }));
  const runs = runsOf(accuracies);
  const tables = { rows: tableOf(names, runs, "rows", primary), tokens: tableOf(names, runs, "tokens", primary) };
  const test = { from: "gold", rows: 100, alike: 0 } as const;
  const seedsAlone = [{ seed: 0, proxy: 0.25, logistic: null }];
  return {
    ...{ format: 1, state: "done", arms, leftOut: [], failed: [], labels: ["a", "b"], test, embedder: null },
    settings: { rows: 8, tokens: null, seeds: 5, perLabel: 50, hours: null },
    ...{ primary, seedsAlone, budgets: [], runs, tables },
    ...verdictOf({ arms, lines: tables.tokens, primary, test, seedsAlone }),
    ...changes,
  };
}
