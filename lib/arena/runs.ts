// The runs of an arena: all arms of seed 0, then all of seed 1, …, each an ordinary run directory, made or gone on with.
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Teacher } from "../engine/teacher.js";
import { CorrSynthError, type ErrorCode } from "../errors.js";
import { isThere } from "../files/regular-file.js";
import { sum } from "../numbers/sum.js";
import { hasRounds } from "../rounds/status.js";
import { rowsMade } from "../run/ledger.js";
import { QuotaError } from "../run/quota-error.js";
import type { Progress, Report } from "../run/report.js";
import { manifestName } from "../store/manifest.js";
import { readRun } from "../store/read-run.js";
import { synthesizeTo } from "../store/synthesize-to.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import type { Arm } from "./arm.js";
import { withFields } from "./arms.js";
import { type ArenaRow, type Comparable, costOf } from "./cost.js";
import { firstSeed } from "./human-rows.js";
import type { ArenaRun, ArenaSettings } from "./options.js";
import { asOfArena } from "./remedies.js";
import { makeRounds, rowsOfRound } from "./rounds-run.js";

/** A run that is done. */
export interface MadeRun extends Comparable {
  readonly arm: string;
  readonly seed: number;
  /** Share of all rows written that the filters and the check let pass, 0..1; null where none was written. */
  readonly accepted: number | null;
}

/** An arm that could not be run, and why; it is not tried again. */
export interface FailedArm {
  readonly arm: string;
  readonly reason: string;
}

/** What runs are made of. */
export interface Running {
  readonly directory: string;
  readonly teacher: Teacher;
  readonly task: SynthesisSpec;
  readonly settings: ArenaSettings;
  readonly arms: readonly Arm[];
  /** Model of the students of rounds; undefined of students of words. */
  readonly embedder: string | undefined;
  /** The seeds file of a seed of the arena; undefined of a task without seeds. */
  seedsOf(seed: number): string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** When it fires, no run is begun or gone on with; what is done stays. */
  readonly deadline?: AbortSignal | undefined;
  readonly onRun?: ((run: ArenaRun) => void) | undefined;
  readonly onProgress?: ((progress: Progress, run: ArenaRun) => void) | undefined;
}

/** Directory of a run. */
export function runPath(directory: string, arm: string, seed: number): string {
  return join(directory, "arms", arm, `seed-${seed}`);
}

/** Makes the runs in their order, until all are done or the deadline has come. */
export async function makeRuns(running: Running): Promise<{ runs: MadeRun[]; failed: FailedArm[]; isWhole: boolean }> {
  const { arms, settings, deadline, signal, onRun } = running;
  const runs: MadeRun[] = [];
  const failed: FailedArm[] = [];
  for (let seed = 0; seed < settings.seeds; seed++) {
    for (const [a, arm] of arms.entries()) {
      signal?.throwIfAborted();
      if (deadline?.aborted) return { runs, failed, isWhole: false };
      if (failed.some((one) => one.arm === arm.name)) continue;
      const run = { arm: arm.name, seed, number: seed * arms.length + a + 1, of: settings.seeds * arms.length };
      onRun?.(run);
      try {
        runs.push(await makeRun(running, arm, run));
      } catch (error) {
        signal?.throwIfAborted();
        if (deadline?.aborted && !(error instanceof CorrSynthError)) return { runs, failed, isWhole: false };
        const isOwn = error instanceof CorrSynthError && ofArms.includes(error.code);
        // the one to beat must be there; and a directory with another run is for a person to mend
        if (!isOwn || a === 0 || (await hasRun(running.directory, run))) throw error;
        failed.push({ arm: arm.name, reason: error.message });
      }
    }
  }
  return { runs, failed, isWhole: true };
}

// What an arm can be to blame for, which others are not.
const ofArms: readonly ErrorCode[] = [
  "CORRSYNTH_INVALID_CONFIG",
  "CORRSYNTH_MODEL_LOAD",
  "CORRSYNTH_PROMPT_TOO_LONG",
  "CORRSYNTH_CONTEXT_FULL",
  "CORRSYNTH_LAYERS",
  "CORRSYNTH_OUT_OF_MEMORY",
];

async function hasRun(directory: string, { arm, seed }: ArenaRun): Promise<boolean> {
  const path = runPath(directory, arm, seed);
  return (await isThere(join(path, manifestName))) || (await hasRounds(path));
}

// With a number of tokens, rows are added until the run has cost as many.
async function makeRun(running: Running, arm: Arm, run: ArenaRun): Promise<MadeRun> {
  const { rows, tokens } = running.settings;
  if (tokens === null) return await grow(running, arm, run, rows);
  let wanted = await begunWith(running, arm, run);
  for (;;) {
    const made = await grow(running, arm, run, wanted);
    if (!made.isWhole || made.cost.tokens >= tokens) return made;
    const more = Math.ceil((wanted * 1.02 * tokens) / Math.max(1, made.cost.tokens));
    wanted = Math.min(4 * wanted, Math.max(wanted + 1, more));
  }
}

// A run that is there keeps its rows; of a new one two rows of a label say what rows cost.
async function begunWith({ directory, task }: Running, { fields }: Arm, run: ArenaRun): Promise<number> {
  const labels = resolveSpec(withFields(task, fields)).labels.length;
  if (!(await hasRun(directory, run))) return 2 * labels;
  const { manifest } = await readRun(runPath(directory, run.arm, run.seed)).catch(() => ({ manifest: null }));
  const { count } = (manifest?.settings ?? {}) as { count?: readonly number[] };
  return Math.max(2 * labels, sum(count ?? []));
}

async function grow(running: Running, arm: Arm, run: ArenaRun, rows: number): Promise<MadeRun> {
  const { directory, teacher, task, deadline, onProgress } = running;
  const path = runPath(directory, arm.name, run.seed);
  const asked = arm.rounds === undefined ? rows : rowsOfRound(rows, arm.rounds);
  const spec = armTask(task, arm, { rows: asked, seed: run.seed, seeds: running.seedsOf(run.seed) });
  const signals = [running.signal, deadline].filter((one) => one !== undefined);
  const watched = {
    signal: signals.length === 0 ? undefined : AbortSignal.any(signals),
    onProgress: onProgress && ((progress: Progress) => onProgress(progress, run)),
  };
  await mkdir(dirname(path), { recursive: true });
  if (arm.rounds !== undefined) {
    const { embedder } = running;
    const made = await makeRounds(spec, { directory: path, teacher, rounds: arm.rounds, embedder, ...watched });
    return { arm: arm.name, seed: run.seed, ...made };
  }
  let report: Report | null;
  try {
    ({ report } = await synthesizeTo(path, teacher, spec, watched));
  } catch (error) {
    if (!(error instanceof QuotaError)) throw asOfArena(error, path);
    report = error.report;
  }
  const hasRows = Object.values(report!.labels).some(({ accepted }) => accepted > 0);
  return { arm: arm.name, seed: run.seed, rows: hasRows ? await rowsIn(path) : [], ...countsOf(report!) };
}

async function rowsIn(path: string): Promise<ArenaRow[]> {
  const { rows } = await readRun(path);
  return rows.map(({ text, label, fields }) => ({ text, label, group: Number(fields.group) }));
}

function countsOf(report: Report): Pick<MadeRun, "cost" | "isWhole" | "accepted"> {
  const labels = Object.values(report.labels);
  const made = sum(labels.map(rowsMade));
  const good = sum(labels.map(({ accepted, surplus }) => accepted + surplus));
  return { cost: costOf(report), isWhole: report.quotaMet, accepted: made === 0 ? null : good / made };
}

/** The task of a run: the arm's, with the arena's seed, its seeds file and so many rows, in the proportions of the task's own. */
export function armTask(
  task: SynthesisSpec,
  { fields }: Pick<Arm, "fields">,
  { rows, seed, seeds }: { readonly rows: number; readonly seed: number; readonly seeds: string | undefined },
): SynthesisSpec {
  const { limits: _, ...changed } = withFields(task, fields); // that of other counts
  const sampling = { ...changed.sampling, seed: firstSeed + seed };
  const resolved = resolveSpec({ ...changed, sampling });
  const rule = { from: seeds, tooLong: resolved.longSeeds };
  return {
    ...changed,
    sampling,
    count: sharedOut(rows, resolved),
    ...(seeds === undefined ? {} : { seeds: rule }),
  } as SynthesisSpec;
}

function sharedOut(rows: number, { labels, count }: ResolvedSpec): Record<string, number> {
  const all = sum(count);
  const shares = count.map((own) => (rows * own) / all);
  const counts = shares.map(Math.floor);
  const order = [...shares.keys()].sort((a, b) => (shares[b]! % 1) - (shares[a]! % 1) || a - b);
  for (const k of order.slice(0, Math.round(rows - sum(counts)))) counts[k]!++;
  return Object.fromEntries(labels.map(({ name }, k) => [name, counts[k]!]));
}
