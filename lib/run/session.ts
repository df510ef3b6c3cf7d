/** One run in flight: buffers what its goal takes of the groups that come, and hands it to the consumer. */

import { setTimeout as sleep } from "node:timers/promises";
import { calling, thrownBy } from "../checks/thrown.js";
import type { NativeCounters } from "../engine/binding.js";
import type { Generation, GenerationEnd } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import { labelSets } from "../methods/label-sets.js";
import { reasonOf } from "./abort.js";
import type { FinishedGroup } from "./checkpoint.js";
import type { Goal } from "./goal.js";
import { RowJudge } from "./judge.js";
import { labelRemarks } from "./label-remarks.js";
import type { RunOptions } from "./options.js";
import { Pace } from "./pace.js";
import type { Prepared } from "./prepare.js";
import { Producer } from "./producer.js";
import { noCounts, progressOf, type Report, reportOf } from "./report.js";
import { StopTally } from "./stop-tally.js";

/** Milliseconds that the taker of groups has, when the run is stopped, for those that had finished. */
const handOverTime = 1000;

/** While the consumer is behind, the engine waits; when nobody holds the session any more, the engine ends. */
export class Session {
  readonly #prepared: Prepared;
  readonly #goal: Goal;
  readonly #producer: Producer<FinishedGroup>;
  readonly #judge: RowJudge;
  readonly #options: RunOptions;
  readonly #abort: () => void;
  readonly #started = performance.now();
  readonly #warnings: string[];
  readonly #pace: Pace;
  readonly #stops: StopTally;
  /** What the consumer has not taken: the instances of each group, then the group itself. */
  #buffer: (Instance | FinishedGroup)[] = [];
  /** Groups of the buffer when the run was stopped. */
  readonly #left: FinishedGroup[] = [];
  /** The group that was handed over last: settles when it is taken. */
  #delivery: Promise<void> = Promise.resolve();
  #counters = noCounts;
  /** Groups taken so far, those of earlier sessions included. */
  #groups: number;
  #hasEnded = false;
  #isStopped = false;
  #failure: unknown;
  #wake: () => void = () => {};

  /** @param goal  which, of a resumed run, knows what the sessions before came to. */
  constructor(teacher: Teacher, prepared: Prepared, goal: Goal, options: RunOptions) {
    this.#prepared = prepared;
    this.#goal = goal;
    this.#options = options;
    this.#warnings = [...prepared.warnings];
    this.#stops = new StopTally(prepared.spec.sampling.stop);
    this.#groups = goal.start;
    const { shape, repeat, spec } = prepared;
    const { replicas } = teacher.info;
    const { groups: groupsPerRound } = labelSets(spec.method, spec.labels.length);
    const rows = shape.rows.length * groupsPerRound;
    this.#pace = new Pace({ rows, groupsPerRound, repeat, wholeGroups: goal.wholeGroups, replicas });
    const { resume, onCalibration } = options;
    const judge = new RowJudge(prepared, { calibration: resume?.calibration, onCalibration });
    this.#judge = judge;
    this.#producer = new Producer(teacher, prepared, goal, {
      isBehind: () => this.#buffer.length > 2 * prepared.shape.generating, // two groups may wait for the consumer
      begun: (rows, toRead) => this.#pace.begin(rows, toRead),
      isHeld: () => judge.isHeld,
      release: () => judge.release(),
      judge: (group, result, signal) => {
        const rows = group.present?.filter((isThere) => isThere).length ?? prepared.shape.rows.length;
        this.#pace.take(rows, result);
        this.#stops.add(result);
        return judge.judge(group, result, signal).then((judged) => {
          this.#pace.judge(rows);
          return judged;
        });
      },
      take: async (judged) => {
        const group = await goal.take(judged);
        for (const row of group.instances) prepared.taboo?.see(row);
        if (!this.#isStopped) this.#take(group);
      },
      progress: (counters) => this.#progress(counters),
      warning: (text) => this.#warnings.push(text),
      ended: (end) => this.#end(end),
      error: (error) => this.stop(error),
    });
    const { signal } = options;
    const { generation } = this.#producer;
    this.#abort = aborting(new WeakRef(this), signal);
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
    dropped.register(this, { generation, signal, abort: this.#abort }, this);
  }

  /** Instances as their groups finish; ends when no group is left to come. Throws what stopped it. */
  async *instances(): AsyncGenerator<Instance, void, undefined> {
    for (;;) {
      const next = this.#buffer.shift();
      this.#producer.answer(); // the consumer may have caught up
      if (next !== undefined) {
        if ("instances" in next) await this.#handOver(next);
        else yield next;
      } else if (this.#hasEnded || this.#isStopped) break;
      else await this.#news();
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#progress(this.#counters);
  }

  /** Stops the engine; `instances` then yields nothing more and throws `reason`, when there is one. */
  stop(reason?: unknown): void {
    this.#failure ??= reason;
    this.#isStopped = true;
    this.#left.push(...this.#buffer.filter((item) => "instances" in item));
    this.#buffer = [];
    this.#producer.stop();
    this.#wake();
  }

  /**
   * Hands over the groups that had finished when the run was stopped and whose turn has not come. One that is not taken
   * in time is the last.
   */
  async handOverRest(): Promise<void> {
    const inTime = new AbortController();
    const all = async () => {
      await this.#delivery;
      for (let group = this.#left.shift(); group; group = this.#left.shift()) await this.#deliver(group);
    };
    const timeUp = sleep(handOverTime, undefined, { signal: inTime.signal }).catch(() => {});
    await Promise.race([all(), timeUp]);
    inTime.abort();
    this.#left.length = 0;
  }

  /** Stops the engine and waits until its threads have ended. */
  async close(): Promise<void> {
    this.stop();
    this.#options.signal?.removeEventListener("abort", this.#abort);
    dropped.unregister(this);
    await this.#producer.close();
  }

  report(): Report {
    const { labels } = this.#prepared.spec;
    const remarks = [...this.#stops.remarks(), ...labelRemarks(labels, this.#goal.counts())];
    return reportOf(this.#state(), this.#stops.counts(), [...this.#warnings, ...remarks]);
  }

  // Waits until the group is taken, or the run is stopped.
  async #handOver(group: FinishedGroup): Promise<void> {
    let isTaken = false;
    this.#delivery = this.#deliver(group);
    void this.#delivery.then(() => {
      isTaken = true;
      this.#wake();
    });
    while (!isTaken && !this.#isStopped) await this.#news();
  }

  // Whoever could not take this group must not be given the next.
  async #deliver(group: FinishedGroup): Promise<void> {
    try {
      await this.#options.onGroup?.(group);
    } catch (error) {
      this.stop(thrownBy("onGroup", error));
      this.#left.length = 0;
    }
  }

  /** Resolves at the next call of `#wake`. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #state() {
    const { resume } = this.#options;
    return {
      labels: this.#prepared.spec.labels,
      goal: this.#goal,
      groups: this.#groups,
      resumedAt: resume?.groups,
      seconds: (performance.now() - this.#started) / 1000,
      counters: this.#counters,
      checkSeconds: this.#judge.checkSeconds,
      judgingSeconds: this.#judge.judgingSeconds,
    };
  }

  #progress(counters: NativeCounters): void {
    this.#counters = counters;
    calling("onProgress", () => this.#options.onProgress?.(progressOf(this.#state(), this.#pace)));
  }

  #take(group: FinishedGroup): void {
    this.#buffer.push(...group.instances, group);
    this.#groups++;
    this.#wake();
  }

  // What it had made before it failed is still handed out.
  #end(end: GenerationEnd): void {
    if ("error" in end) this.#failure ??= end.error;
    else this.#counters = end.counters;
    this.#hasEnded = true;
    this.#wake();
  }
}

/** What a session holds of the world around it. Nothing of it may hold the session. */
interface Ties {
  readonly generation: Generation;
  readonly signal: AbortSignal | undefined;
  readonly abort: () => void;
}

/** Sessions whose consumer neither finished nor left its loop, and was forgotten with them. */
const dropped = new FinalizationRegistry<Ties>(({ generation, signal, abort }) => {
  generation.cancel();
  signal?.removeEventListener("abort", abort);
});

// A signal may outlive the run: through its listener it must not keep a session that nobody else holds.
function aborting(session: WeakRef<Session>, signal: AbortSignal | undefined): () => void {
  return () => {
    if (signal) session.deref()?.stop(reasonOf(signal));
  };
}
