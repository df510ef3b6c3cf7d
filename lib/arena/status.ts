// How far an arena or a tuning is. Only looks.
import { join } from "node:path";
import { invalidField } from "../errors.js";
import { findLock } from "../files/lock-file.js";
import { isThere } from "../files/regular-file.js";
import { sum } from "../numbers/sum.js";
import { hasRounds, roundsStatus } from "../rounds/status.js";
import { manifestName } from "../store/manifest.js";
import { runStatus } from "../store/run-status.js";
import { readBegun } from "./begun.js";
import type { ArenaSettings } from "./options.js";
import { runPath } from "./runs.js";

/** The runs of an arm. */
export interface ArmStatus {
  readonly arm: string;
  /** Seeds whose run is done, and those whose run is there. */
  readonly done: number;
  readonly begun: number;
  /** Accepted rows over all of its runs. */
  readonly rows: number;
}

/** What a directory of an arena, or of a tuning, holds. */
export interface ArenaStatus {
  readonly kind: "arena" | "tune";
  /** "running" while a process holds it; "done" where every run is; else "stopped": the same command goes on. */
  readonly state: "running" | "stopped" | "done";
  /** Seeds that each arm is to be run with. */
  readonly seeds: number;
  /** In their order; the first is the one to beat. */
  readonly arms: readonly ArmStatus[];
  /** Runs that are done, and how many there will be. */
  readonly runs: { readonly done: number; readonly of: number };
  /** Whether DIR/arena.json, the page and DIR/task.yaml are there: they are written when it ends or its time is over. */
  readonly hasReport: boolean;
  readonly settings: ArenaSettings;
}

/**
 * Whether a directory is one of an arena, or of a tuning.
 * @example
 * import { hasArena } from "corrsynth/arena";
 * console.log(await hasArena("none")); // false
 */
export async function hasArena(path: string): Promise<boolean> {
  return (await readBegun(path)) !== undefined;
}

/**
 * How far an arena or a tuning is: what there is of the runs of each arm.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the directory is none of them, or its files are malformed.
 * @example
 * import { arenaStatus, tune } from "corrsynth/arena";
 * const texts = ["a tall tree", "a red rose", "a wild herb", "a big dog", "a small bird", "a grey wolf"];
 * const seeds = texts.map((text, i) => ({ text, label: i < 3 ? "a plant" : "an animal" }));
 * await tune("tuned", teacher, { ...spec, seeds }, { rows: 4, seeds: 1, hours: 0.000001 });
 * const { state, runs, arms } = await arenaStatus("tuned");
 * console.log(state, `${runs.done} of ${runs.of} runs`); // stopped 0 of 9 runs
 * for (const { arm, done } of arms) console.log(arm, done);
 */
export async function arenaStatus(path: string): Promise<ArenaStatus> {
  const begun = await readBegun(path);
  if (begun === undefined)
    throw invalidField(path, "Expected a directory of an arena, received one without begun.json");
  const { kind, settings, arms: names } = begun;
  const arms: ArmStatus[] = [];
  for (const arm of names) arms.push(await armStatus(path, arm, settings.seeds));
  const isHeld = (await findLock(path))?.isHeld === true;
  const of = names.length * settings.seeds;
  const done = sum(arms.map((arm) => arm.done));
  const hasReport = await isThere(join(path, "arena.json"));
  // an arm that could not be run has no runs: the arena is done all the same when its report is there and nobody holds it
  const hasAll = arms.every((arm) => arm.done === settings.seeds || arm.begun === 0) && done > 0;
  const state = isHeld ? "running" : hasAll && hasReport ? "done" : "stopped";
  return { kind, state, seeds: settings.seeds, arms, runs: { done, of }, hasReport, settings };
}

async function armStatus(path: string, arm: string, seeds: number): Promise<ArmStatus> {
  let [done, begun, rows] = [0, 0, 0];
  for (let seed = 0; seed < seeds; seed++) {
    const run = runPath(path, arm, seed);
    if (await hasRounds(run)) {
      const { rounds, dataset } = await roundsStatus(run);
      begun++;
      rows += dataset?.rows ?? sum(rounds.map((round) => round.rows));
      if (dataset !== null || rounds.some(({ state }) => state === "incomplete")) done++;
      continue;
    }
    if (!(await isThere(join(run, manifestName)))) continue;
    const status = await runStatus(run);
    begun++;
    rows += status.rows;
    // one whose filters let too few rows pass is over, too
    if (status.state === "done" || status.state === "incomplete") done++;
  }
  return { arm, done, begun, rows };
}
