/** One collection in progress: from the jobs that come, in order, to rows that are safe and progress that can be asked for. */

import { setTimeout as sleep } from "node:timers/promises";
import { CorrSynthError } from "../errors.js";
import { methodRepeat } from "../methods/methods.js";
import { sum } from "../numbers/sum.js";
import { groupsFor } from "../run/estimate.js";
import type { LabelCounts } from "../run/ledger.js";
import type { Progress } from "../run/report.js";
import type { Selection } from "../run/selection.js";
import type { RunDirectory } from "../store/run-directory.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { CollectorLease } from "./collector-lease.js";
import type { Intake, TakenJob } from "./intake.js";
import type { JobCut } from "./jobs.js";
import { Meter } from "./meter.js";
import type { CollectorProgress, QueueStore } from "./store.js";

/** What a collection came to. */
export interface CollectReport {
  readonly labels: Readonly<Record<string, LabelCounts>>;
  /** Every label has its number. */
  readonly quotaMet: boolean;
  /** Groups from which the rows were selected. */
  readonly groups: number;
  /** Tokens of the groups collected in this session, and its seconds. */
  readonly generatedTokens: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  /** Groups whose job failed for good: they are not in the dataset. */
  readonly setAside: readonly { readonly first: number; readonly count: number; readonly reason: string }[];
  readonly warnings: readonly string[];
}

interface Parts {
  readonly spec: ResolvedSpec;
  readonly cut: JobCut;
  readonly store: QueueStore;
  readonly lease: CollectorLease;
  readonly directory: RunDirectory;
  readonly selection: Selection;
  readonly intake: Intake;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onTrouble?: ((reason: string) => void) | undefined;
}

/** Milliseconds between two progress reports, between two counts of the workers, and before what failed is tried again. */
const reportPause = 1000;
const countPause = 10_000;
const retryPause = 1000;

export class Collection {
  readonly #parts: Parts;
  readonly #started = performance.now();
  readonly #accepted = new Meter();
  readonly #tokens = new Meter();
  readonly #setAside: CollectorProgress["setAside"];
  /** Number of the group to take next. */
  #group: number;
  #groups: number;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param group  number of the first group that the directory does not have.
   * @param earlier  what a collector before this one had to say.
   */
  constructor(parts: Parts, group: number, earlier: CollectorProgress | undefined) {
    this.#parts = parts;
    this.#group = group;
    this.#setAside = earlier?.setAside.filter(({ first }) => first < group) ?? [];
    this.#groups = group - sum(this.#setAside.map(({ count }) => count));
  }

  /** Collects until every label has its number or no group is left. */
  async run(): Promise<CollectReport> {
    const { directory, selection, cut, spec } = this.#parts;
    await this.#report(cut.jobOf(this.#group)); // from where on results count, which workers must know
    while (!selection.done && this.#group < spec.limits.maxGroups) {
      const jobs = await this.#persist(() => this.#parts.intake.take(this.#wanted()));
      for (const job of jobs) await this.#take(job);
      await directory.flush();
      await this.#persist(() => this.#parts.store.dropResults(jobs.map(({ job }) => job)));
      await this.#report(jobs.at(-1)!.job + 1);
    }
    this.#parts.onProgress?.(this.#progress(this.#accepted.rate()));
    return this.#summary();
  }

  async #take({ first, count, result, reason = "no reason given" }: TakenJob): Promise<void> {
    const { directory, selection, onTrouble } = this.#parts;
    if (result === undefined) {
      this.#setAside.push({ first, count, reason });
      onTrouble?.(`groups ${first} to ${first + count - 1} are set aside: ${reason}`);
    }
    this.#tokens.add(result?.tokens ?? 0);
    for (const group of result?.groups ?? []) {
      if (group.group < this.#group) continue; // committed before the collector was stopped
      if (selection.done) break;
      const selected = selection.take(group);
      this.#accepted.add(selected.instances.length);
      this.#groups++;
      await directory.commit(selected);
    }
    this.#group = first + count;
  }

  /** Jobs that the dataset will take, as far as its rows so far show: at least the next one. */
  #wanted(): number {
    const { cut, selection, spec } = this.#parts;
    const repeat = methodRepeat(spec.method);
    const made = this.#groups * repeat;
    const needed = selection
      .counts()
      .map(({ wanted, accepted, surplus }) => groupsFor(wanted, { good: accepted + surplus, made }, repeat));
    const skipped = this.#group - this.#groups;
    return Math.max(cut.jobOf(this.#group) + 1, cut.jobsFor(Math.max(...needed) + skipped));
  }

  // What the server says no to while it restarts or is full is tried again, as long as it takes.
  async #persist<Result>(action: () => Promise<Result>): Promise<Result> {
    const { signal, lease, intake, onTrouble } = this.#parts;
    for (;;) {
      lease.check();
      try {
        return await action();
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (error instanceof CorrSynthError) throw error;
        onTrouble?.((error as Error).message);
        intake.forget();
        await sleep(retryPause, undefined, { signal });
      }
    }
  }

  async #report(nextJob: number): Promise<void> {
    if (performance.now() - this.#reportedAt < reportPause) return;
    this.#reportedAt = performance.now();
    const { store, onProgress } = this.#parts;
    const progress: CollectorProgress = {
      labels: this.#labels(),
      groups: this.#groups,
      nextJob,
      setAside: this.#setAside,
      rowsPerSecond: this.#accepted.rate(),
      at: new Date().toISOString(),
      isDone: false,
    };
    await this.#persist(() => store.putProgress(progress));
    onProgress?.(this.#progress(progress.rowsPerSecond));
    if (performance.now() - this.#countedAt < countPause) return;
    this.#countedAt = performance.now();
    this.#parts.intake.serve((await this.#persist(() => store.workers())).length);
  }

  #progress(rowsPerSecond: number): Progress {
    const labels = this.#labels();
    const counts = Object.values(labels);
    const accepted = sum(counts.map((count) => count.accepted));
    const wanted = sum(counts.map((count) => count.wanted));
    return {
      labels,
      accepted,
      wanted,
      rejected: sum(counts.flatMap(({ rejected }) => Object.values(rejected))),
      groups: this.#groups,
      groupsInFlight: 0,
      generatedTokens: this.#tokens.total,
      decodedTokens: this.#tokens.total,
      promptTokens: 0,
      seconds: this.#seconds,
      tokensPerSecond: this.#tokens.rate(),
      secondsLeft: accepted >= wanted ? 0 : rowsPerSecond > 0 ? (wanted - accepted) / rowsPerSecond : null,
    };
  }

  #summary(): CollectReport {
    const { selection } = this.#parts;
    return {
      labels: this.#labels(),
      quotaMet: selection.done,
      groups: this.#groups,
      generatedTokens: this.#tokens.total,
      seconds: this.#seconds,
      tokensPerSecond: this.#tokens.total / this.#seconds,
      setAside: this.#setAside,
      warnings: this.#setAside.map(
        ({ first, count, reason }) => `Groups ${first} to ${first + count - 1} were set aside: ${reason}`,
      ),
    };
  }

  #labels(): Record<string, LabelCounts> {
    const { spec, selection } = this.#parts;
    return Object.fromEntries(selection.counts().map((count, i) => [spec.labels[i]!.name, count]));
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
