/** One run in flight: buffers what its goal takes of the groups that come, counts, and hands instances to the consumer. */
import type { NativeCounters } from "../engine/binding.js";
import type { Teacher } from "../engine/teacher.js";
import { RowFilters } from "../filters/acceptance.js";
import type { Instance } from "../instance.js";
import type { Checkpoint, FinishedGroup } from "./checkpoint.js";
import type { Goal } from "./goal.js";
import type { Prepared } from "./prepare.js";
import { Production } from "./production.js";
import { type Progress, progressOf, type Report, reportOf } from "./report.js";

const NO_COUNTS: NativeCounters = {
  steps: 0,
  promptTokens: 0,
  prefilledTokens: 0,
  decodedTokens: 0,
  generatedTokens: 0,
  uncontrastedTokens: 0,
  partlyContrastedTokens: 0,
  graphs: 0,
  groupsInFlight: 0,
  bytesToHost: 0,
  sampler: "",
  notice: "",
  setupSeconds: 0,
  prefillSeconds: 0,
  decodeSeconds: 0,
  sampleSeconds: 0,
};

export interface SessionOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onGroup?: ((group: FinishedGroup) => void | Promise<void>) | undefined;
  readonly resume?: Checkpoint | undefined;
}

/** While the consumer is behind, the engine waits. */
export class Session {
  readonly #prepared: Prepared;
  readonly #goal: Goal;
  readonly #production: Production;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #onGroup: ((group: FinishedGroup) => void | Promise<void>) | undefined;
  readonly #earlier: { readonly groups: number; readonly accepted: number } | undefined;
  readonly #started = performance.now();
  readonly #warnings: string[];
  /** What the consumer has not taken: the instances of each group, then the group itself. */
  #buffer: (Instance | FinishedGroup)[] = [];
  /** Groups of the buffer when the run was stopped. */
  readonly #left: FinishedGroup[] = [];
  #counters = NO_COUNTS;
  /** Groups taken so far, those of earlier sessions included. */
  #groups: number;
  #failure: unknown;
  #wake: () => void = () => {};

  /** @param goal  which, of a resumed run, knows what the sessions before came to. */
  constructor(teacher: Teacher, prepared: Prepared, goal: Goal, { onProgress, onGroup, resume }: SessionOptions = {}) {
    this.#prepared = prepared;
    this.#goal = goal;
    this.#warnings = [...prepared.warnings];
    this.#onProgress = onProgress;
    this.#onGroup = onGroup;
    this.#groups = goal.start;
    const accepted = resume?.labels.reduce((sum, label) => sum + label.accepted, 0) ?? 0;
    this.#earlier = resume && { groups: resume.groups, accepted };
    const filters = new RowFilters(prepared.spec, prepared.sources, prepared.template);
    this.#production = new Production(teacher, prepared, filters, goal, {
      isBehind: () => this.#buffer.length > 2 * prepared.shape.generating, // two groups may wait for the consumer
      group: (group) => this.#take(group),
      progress: (counters) => this.#progress(counters),
      warning: (text) => this.#warnings.push(text),
      error: (error) => this.stop(error),
    });
  }

  /** Instances as their groups finish; ends when no group is left to come. Throws what stopped the engine. */
  async *instances(): AsyncGenerator<Instance, void, undefined> {
    let ended = false;
    const end = this.#production.ended.then(
      (counters) => {
        this.#counters = counters;
      },
      (error) => {
        this.#failure ??= error;
      },
    );
    void end.then(() => {
      ended = true;
      this.#wake();
    });
    for (;;) {
      const next = this.#buffer.shift();
      this.#production.answer(); // the consumer may have caught up
      if (next !== undefined) {
        if ("instances" in next) await this.#deliver(next);
        else yield next;
        continue;
      }
      if (ended || this.#failure !== undefined) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (ended || this.#buffer.length > 0) resolve();
      });
    }
    await end;
    if (this.#failure !== undefined) throw this.#failure;
    this.#progress(this.#counters);
  }

  /** Stops the engine; `instances` then yields nothing more and throws `reason`, when there is one. */
  stop(reason?: unknown): void {
    this.#failure ??= reason;
    this.#left.push(...this.#buffer.filter((item) => "instances" in item));
    this.#buffer = [];
    this.#production.stop();
    this.#wake();
  }

  /** Hands over the groups that had finished when the run was stopped and whose turn has not come. */
  async handOver(): Promise<void> {
    for (let group = this.#left.shift(); group; group = this.#left.shift()) await this.#deliver(group);
  }

  async #deliver(group: FinishedGroup): Promise<void> {
    try {
      await this.#onGroup?.(group);
    } catch (error) {
      this.stop(error);
      this.#left.length = 0; // whoever could not take this group must not be given the next
      throw error;
    }
  }

  /** Waits until the engine's thread has ended. */
  async closed(): Promise<void> {
    await this.#production.ended.catch(() => {});
  }

  report(): Report {
    return reportOf(this.#state(), this.#warnings);
  }

  #state() {
    return {
      labels: this.#prepared.spec.labels,
      goal: this.#goal,
      groups: this.#groups,
      earlier: this.#earlier,
      seconds: (performance.now() - this.#started) / 1000,
      counters: this.#counters,
    };
  }

  #progress(counters: NativeCounters): void {
    this.#counters = counters;
    this.#onProgress?.(progressOf(this.#state()));
  }

  #take(generated: FinishedGroup): void {
    const group = this.#goal.take(generated);
    this.#buffer.push(...group.instances, group);
    this.#groups++;
    this.#wake();
  }
}
