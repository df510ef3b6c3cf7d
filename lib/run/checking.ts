/** The label check within a run: calibrates itself, by rows of the run where it must, and judges group after group. */
import type { Instance } from "../instance.js";
import type { Judgement } from "../label-check/decide.js";
import type { Calibration, LabelCheck } from "../label-check/label-check.js";
import type { CheckRow } from "../label-check/scorer.js";
import { groupsUntil } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { LabelTally } from "./ledger.js";
import { type RejectedRow, rejectedRow } from "./rejected-row.js";

/** How a check is calibrated. */
export interface CheckingOptions {
  /** What an earlier session came to; default it is calibrated anew. */
  readonly calibration?: Calibration | undefined;
  /** Called with what it is calibrated by, before the first row is judged, which waits for it. */
  readonly onCalibration?: ((calibration: Calibration) => void | Promise<void>) | undefined;
}

/** What the check makes of the rows of a group. */
export interface CheckedRows {
  readonly kept: readonly Instance[];
  readonly refused: readonly RejectedRow[];
  /** By label, how many rows were taken for which. */
  readonly takenFor: readonly NonNullable<LabelTally["takenFor"]>[];
}

/** Rows of a label that calibrate the check where seeds do not. */
export const rowsOfLabel = 16;
/** Times the groups which would have them if no row were rejected: more are not held back. */
const mostPatience = 4;

/** What of a task decides how it is checked. */
type CheckedSpec = Pick<ResolvedSpec, "labels" | "method" | "engine" | "check">;

/** Judges the rows of one run, group by group. */
export class Checking {
  readonly #check: LabelCheck;
  readonly #spec: CheckedSpec;
  readonly #options: CheckingOptions;
  readonly #mostHeld: number;
  /** The first rows of the run, by label, as long as they are waited for. */
  #first: CheckRow[][] | undefined;
  #held = 0;
  #calibrated: Promise<Calibration> | undefined;
  readonly #waiting: ((rows: CheckRow[]) => void)[] = [];
  /** Settles when the groups so far are judged: one after the other, since they share a teacher. */
  #last: Promise<unknown> = Promise.resolve();
  #seconds = 0;
  #judgingSeconds = 0;

  constructor(check: LabelCheck, spec: CheckedSpec, options: CheckingOptions = {}) {
    this.#check = check;
    this.#spec = spec;
    this.#options = options;
    this.#mostHeld = mostPatience * groupsUntil(Math.ceil(rowsOfLabel / methodRepeat(spec.method)), spec);
    const isHolding = options.calibration === undefined && check.calibratedBy === "rows";
    this.#first = isHolding ? spec.labels.map(() => []) : undefined;
  }

  /**
   * Whether groups are held back until there are enough rows to calibrate the check: sixteen of each label, or four times
   * the groups which would have as many if all were kept.
   */
  get isHeld(): boolean {
    return this.#first !== undefined && this.#held > 0;
  }

  /** Has them judged with what rows there are. */
  release(): void {
    const rows = this.#first?.flat();
    this.#first = undefined;
    if (rows !== undefined) for (const give of this.#waiting.splice(0)) give(rows);
  }

  /** Seconds that checking took, calibration included. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Those of them that judging took. */
  get judgingSeconds(): number {
    return this.#judgingSeconds;
  }

  /**
   * Judges the rows of the next group.
   * @param signal  stops it.
   */
  async judge(rows: readonly Instance[], signal: AbortSignal | undefined): Promise<CheckedRows> {
    const read = rows.map((row) => this.#check.rowOf(row, row.id));
    this.#calibrated ??= this.#calibrate(signal);
    this.#calibrated.catch(() => {}); // thrown where it is awaited
    this.#hold(read);
    const calibration = await this.#calibrated;
    const judging = this.#last.then(() => this.#timedJudging(() => this.#check.judge(read, calibration, { signal })));
    this.#last = judging.catch(() => {});
    return this.#sorted(rows, read, await judging);
  }

  #hold(rows: readonly CheckRow[]): void {
    const first = this.#first;
    if (first === undefined) return;
    this.#held++;
    for (const row of rows) {
      const own = first[row.label]!;
      if (own.length < rowsOfLabel) own.push(row);
    }
    if (this.#held >= this.#mostHeld || first.every(({ length }) => length >= rowsOfLabel)) this.release();
  }

  async #calibrate(signal: AbortSignal | undefined): Promise<Calibration> {
    const { calibration, onCalibration } = this.#options;
    if (calibration !== undefined) return calibration;
    const rows = this.#first && (await new Promise<CheckRow[]>((resolve) => this.#waiting.push(resolve)));
    const found = await this.#timed(() => this.#check.calibrate(rows, { signal }));
    await onCalibration?.(found);
    return found;
  }

  async #timedJudging<Result>(action: () => Promise<Result>): Promise<Result> {
    const before = this.#seconds;
    try {
      return await this.#timed(action);
    } finally {
      this.#judgingSeconds += this.#seconds - before;
    }
  }

  async #timed<Result>(action: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await action();
    } finally {
      this.#seconds += (performance.now() - started) / 1000;
    }
  }

  #sorted(rows: readonly Instance[], read: readonly CheckRow[], judgements: readonly Judgement[]): CheckedRows {
    const { labels, check } = this.#spec;
    const kept: Instance[] = [];
    const refused: RejectedRow[] = [];
    const counts = labels.map(() => new Map<string, number>());
    for (const [i, { takenFor, probabilities, isKept }] of judgements.entries()) {
      const row = rows[i]!;
      const { label } = read[i]!;
      const { name } = labels[takenFor]!;
      counts[label]!.set(name, (counts[label]!.get(name) ?? 0) + 1);
      const all = check?.probabilities ? { labelProbabilities: byName(labels, probabilities) } : {};
      if (isKept) kept.push({ ...row, labelProbability: probabilities[label]!, ...all });
      else refused.push({ ...rejectedRow(row, "label"), takenFor: name });
    }
    return { kept, refused, takenFor: counts.map((count) => Object.fromEntries(count)) };
  }
}

/** Probabilities by the names of their labels. */
export function byName(
  labels: readonly { readonly name: string }[],
  probabilities: readonly number[],
): Record<string, number> {
  return Object.fromEntries(labels.map(({ name }, k) => [name, probabilities[k]!]));
}
