// All figures of an arena, from its runs: students on the rows of each, at as many rows and at as many tokens, and the verdict.
import { basename } from "node:path";
import { loadEmbedder } from "../engine/load.js";
import type { SeedPools } from "../prompt/seeds.js";
import { embeddingStudent, proxyStudent } from "../rounds/round-student.js";
import type { LabelledText } from "../students/student.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { ResolvedArms } from "./arms.js";
import { budgetOf, equalRows, withinBudget } from "./cost.js";
import { gainsOverCurve } from "./curve.js";
import { type HumanRows, rowsOf } from "./human-rows.js";
import { type Measuring, measure, type PrimaryMeasure, seedScores } from "./measure.js";
import type { ArenaOptions, ArenaSettings } from "./options.js";
import type { ArenaRecord, SeedsAlone } from "./record.js";
import type { MadeRun } from "./runs.js";
import { type RunFigures, tableOf } from "./tables.js";
import { verdictOf } from "./words.js";

/** What the runs are of. */
export interface Judged {
  readonly spec: ResolvedSpec;
  readonly settings: ArenaSettings;
  readonly arms: ResolvedArms;
  readonly human: HumanRows;
  /** Examples of the prompts, of the arena's seed of that number; null of a task without seeds. */
  promptsOf(seed: number): SeedPools | null;
}

/** The record of an arena but for how its runs went. */
export async function figuresOf(
  runs: readonly MadeRun[],
  { spec, settings, arms, human, promptsOf }: Judged,
  { embedder: path, cache, signal }: Pick<ArenaOptions, "embedder" | "cache" | "signal">,
): Promise<Omit<ArenaRecord, "failed" | "state">> {
  const labels = spec.labels.map(({ name }) => name);
  const names = arms.arms.map(({ name }) => name);
  const embedder = path === undefined ? null : await loadEmbedder(path);
  try {
    const logistic = embedder && embeddingStudent(labels, embedder, { threads: spec.engine.threads, cache, signal });
    const students = { proxy: proxyStudent(labels), logistic };
    const primary: PrimaryMeasure = {
      student: logistic === null ? "proxy" : "logistic",
      trainedOn: human.prompts === null ? "alone" : "withSeeds",
    };
    const measuring: Measuring = { labels, test: human.test, signal, students, primary };
    const figures: RunFigures[] = [];
    const seedsAlone: SeedsAlone[] = [];
    const budgets: (number | null)[] = [];
    for (let seed = 0; seed < settings.seeds; seed++) {
      const own = runs.filter((run) => run.seed === seed);
      if (own.length === 0) continue;
      const prompts = rowsOf(promptsOf(seed) ?? [], spec.labels);
      if (prompts.length > 0) seedsAlone.push({ seed, ...(await seedScores(prompts, measuring)) });
      budgets[seed] = budgetOf(own);
      figures.push(...(await figuresOfSeed(own, prompts, measuring)));
    }
    const overCurve = gainsOverCurve(arms.arms, figures, primary);
    const tables = {
      rows: tableOf(names, figures, "rows", primary).map((line) => ({
        ...line,
        overCurve: overCurve.get(line.arm) ?? null,
      })),
      tokens: tableOf(names, figures, "tokens", primary),
    };
    const test = { from: human.testedOn, rows: human.test.length, alike: human.alike };
    const judged = { arms: arms.arms, lines: tables.tokens, primary, test, seedsAlone };
    return {
      ...{ format: 1, settings, ...arms, labels, test },
      embedder: path === undefined ? null : basename(path),
      ...{ primary, seedsAlone, budgets, runs: figures, tables, ...verdictOf(judged) },
    };
  } finally {
    await embedder?.close();
  }
}

async function figuresOfSeed(runs: readonly MadeRun[], seeds: readonly LabelledText[], measuring: Measuring) {
  const compared = equalRows(runs, measuring.labels);
  const budget = budgetOf(runs);
  const figures: RunFigures[] = [];
  for (const [r, { rows, cost, isWhole, arm, seed, accepted }] of runs.entries()) {
    const paid = budget === null ? [] : withinBudget({ rows, cost, isWhole }, budget);
    const isSame = paid.length === rows.length && compared[r]!.length === rows.length;
    const atRows = await measure(isWhole ? compared[r]! : rows, seeds, measuring);
    const atTokens = isSame ? atRows : await measure(paid, seeds, measuring);
    const equal = { rows: atRows, tokens: atTokens };
    figures.push({ arm, seed, rows: rows.length, isWhole, accepted, ...cost, equal });
  }
  return figures;
}
