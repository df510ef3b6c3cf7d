// An arm that is made in rounds: its dataset as the rows of one run, and what all of its rounds cost.
import type { Teacher } from "../engine/teacher.js";
import { sum } from "../numbers/sum.js";
import { roundPath } from "../rounds/rows.js";
import { type SynthesizedRounds, synthesizeRounds } from "../rounds/synthesize-rounds.js";
import { rowsMade } from "../run/ledger.js";
import { QuotaError } from "../run/quota-error.js";
import type { Progress, Report } from "../run/report.js";
import { readManifest } from "../store/manifest.js";
import { readRun } from "../store/read-run.js";
import type { SynthesisSpec } from "../task/spec.js";
import type { ArmRounds } from "./arm.js";
import { type ArenaRow, type Comparable, costOf } from "./cost.js";

/** How rounds are made. */
export interface RoundsRun {
  readonly directory: string;
  readonly teacher: Teacher;
  readonly rounds: ArmRounds;
  readonly embedder: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Policies whose `count` is what the dataset is to have; of the others it is what each round adds. */
const ofWholeSet: readonly ArmRounds["policy"][] = ["agree", "weights"];

/** Rows that the task of one round is to ask for, so that all rounds come to so many. */
export function rowsOfRound(rows: number, { policy, rounds = 2 }: ArmRounds): number {
  return ofWholeSet.includes(policy) ? rows : Math.ceil(rows / rounds);
}

/** Makes the rounds, or goes on with them. */
export async function makeRounds(
  task: SynthesisSpec,
  { directory, teacher, rounds, embedder, signal, onProgress }: RoundsRun,
): Promise<Comparable & { readonly accepted: number | null }> {
  const student = rounds.policy === "self" ? {} : { embedder };
  let made: SynthesizedRounds | null = null;
  let short: Report | null = null;
  try {
    made = await synthesizeRounds(directory, teacher, task, { ...rounds, ...student, signal, onProgress });
  } catch (error) {
    if (!(error instanceof QuotaError)) throw error;
    short = error.report;
  }
  const reports = await reportsOf(directory, short);
  const costs = reports.map(costOf);
  const total = (figure: "groups" | "tokens" | "seconds") => sum(costs.map((cost) => cost[figure]));
  const rows = made === null ? [] : await rowsIn(made.dataset, reports);
  const written = sum(reports.flatMap(({ labels }) => Object.values(labels).map(rowsMade)));
  return {
    rows,
    cost: { groups: total("groups"), tokens: total("tokens"), seconds: total("seconds") },
    isWhole: made !== null && Object.values(made.missing).every((number) => number === 0),
    accepted: written === 0 ? null : rows.length / written,
  };
}

// Of every round that is there, in their order; the one that fell short wrote none of its own.
async function reportsOf(directory: string, short: Report | null): Promise<Report[]> {
  const reports: Report[] = [];
  for (let round = 1; ; round++) {
    const manifest = await readManifest(roundPath(directory, round));
    if (manifest === null) return reports;
    const report = (manifest.report ?? short) as Report | null | undefined;
    if (report) reports.push(report);
  }
}

// Groups are counted through all rounds: those of a round come behind those of the rounds before.
async function rowsIn(dataset: string, reports: readonly Report[]): Promise<ArenaRow[]> {
  const { rows } = await readRun(dataset);
  const before = reports.map((_, r) => sum(reports.slice(0, r).map(({ groups }) => groups)));
  return rows.map(({ text, label, fields }) => {
    const { round, weight } = fields as { round: number; weight?: number };
    const group = before[round - 1]! + Number(fields.group);
    return { text, label, group, ...(weight === undefined ? {} : { weight }) };
  });
}
