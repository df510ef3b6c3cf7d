/** One run in flight: answers the engine's wants, counts and buffers what it finishes, hands instances to the consumer. */
import type { NativeCounters, NativeGenerationOptions, NativeGroup } from "../binding.js";
import { PromptTooLongError } from "../errors.js";
import type { Acceptance } from "../filters/acceptance.js";
import { Generations } from "../generations.js";
import type { Group } from "../prompt/group.js";
import type { Teacher } from "../teacher.js";
import { type Candidate, candidates } from "./candidates.js";
import type { Checkpoint, FinishedGroup } from "./checkpoint.js";
import type { Instance } from "./instance.js";
import { Ledger } from "./ledger.js";
import type { Prepared } from "./prepare.js";
import { type Progress, progressOf, type Report, reportOf } from "./report.js";
import { smallerContext } from "./smaller.js";

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

/** Groups that are built before they are asked for: the engine asks for several at once when it begins. */
const AHEAD = 4;

export interface SessionOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onGroup?: ((group: FinishedGroup) => void | Promise<void>) | undefined;
  readonly resume?: Checkpoint | undefined;
}

interface BuiltGroup {
  readonly group: Group;
  readonly tokens: readonly Int32Array[];
}

/**
 * Which group is submitted next depends only on the groups that have finished, never on time: the engine asks at a step
 * of its own choosing and waits for the answer. While the consumer is behind, the answer waits, and the engine with it.
 */
export class Session {
  readonly #teacher: Teacher;
  readonly #prepared: Prepared;
  readonly #acceptance: Acceptance;
  readonly #ledger: Ledger;
  readonly #generation: Generations;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #onGroup: ((group: FinishedGroup) => void | Promise<void>) | undefined;
  readonly #earlier: { readonly groups: number; readonly accepted: number } | undefined;
  readonly #started = performance.now();
  readonly #inFlight = new Map<number, Group>();
  readonly #warnings: string[];
  /** Finished groups that wait for one with a smaller number. */
  readonly #finished = new Map<number, readonly Candidate[]>();
  /** What the consumer has not taken: the instances of each group, then the group itself. */
  #buffer: (Instance | FinishedGroup)[] = [];
  /** Groups of the buffer when the run was stopped. */
  readonly #left: FinishedGroup[] = [];
  #counters = NO_COUNTS;
  /** Groups accepted so far, and with it the number of the one to accept next. */
  #groups: number;
  #nextIndex: number;
  /** Groups from #nextIndex on whose prompts are tokenised while the engine decodes. */
  readonly #ahead: Promise<BuiltGroup>[] = [];
  #wanted = false;
  #failure: unknown;
  #wake: () => void = () => {};

  /** @param acceptance  which, of a resumed run, remembers the texts of the sessions before. */
  constructor(
    teacher: Teacher,
    prepared: Prepared,
    acceptance: Acceptance,
    { onProgress, onGroup, resume }: SessionOptions = {},
  ) {
    this.#teacher = teacher;
    this.#prepared = prepared;
    this.#warnings = [...prepared.warnings];
    this.#acceptance = acceptance;
    this.#onProgress = onProgress;
    this.#onGroup = onGroup;
    this.#ledger = new Ledger(prepared.spec.count, resume?.labels);
    this.#groups = this.#nextIndex = resume?.groups ?? 0;
    const accepted = resume?.labels.reduce((sum, label) => sum + label.accepted, 0) ?? 0;
    this.#earlier = resume && { groups: resume.groups, accepted };
    this.#generation = new Generations(teacher, prepared.native, {
      want: () => {
        this.#wanted = true;
        this.#answer();
      },
      group: (result) => this.#guard(() => this.#take(result)),
      progress: (counters) => this.#guard(() => this.#progress(counters)),
      smaller: (refused, { message }) => this.#shrink(refused, message),
    });
  }

  /** Instances as their groups finish; ends when no group is left to come. Throws what stopped the engine. */
  async *instances(): AsyncGenerator<Instance, void, undefined> {
    let ended = false;
    const end = this.#generation.ended.then(
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
      this.#answer(); // the consumer may have caught up
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
    this.#generation.cancel();
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
    await this.#generation.ended.catch(() => {});
  }

  report(): Report {
    return reportOf(this.#state(), this.#warnings);
  }

  #state() {
    return {
      labels: this.#prepared.spec.labels,
      ledger: this.#ledger,
      groups: this.#groups,
      earlier: this.#earlier,
      seconds: (performance.now() - this.#started) / 1000,
      counters: this.#counters,
    };
  }

  // Only where the number of groups was left open: a dataset belongs to its number of groups.
  #shrink(refused: NativeGenerationOptions, reason: string): NativeGenerationOptions | undefined {
    const { engine } = this.#prepared.spec;
    if (engine.groups !== "auto" || engine.reproducible) return undefined;
    const next = smallerContext(refused);
    if (next === undefined) return undefined;
    const size = ({ slots, batchSize }: NativeGenerationOptions["context"]) => `${slots} rows, batches of ${batchSize}`;
    this.#warnings.push(`${reason}: going on with ${size(next.context)} instead of ${size(refused.context)}`);
    return next;
  }

  #progress(counters: NativeCounters): void {
    this.#counters = counters;
    this.#onProgress?.(progressOf(this.#state()));
  }

  // In the order of their numbers: those that finish first are short, and a quota filled with them would be too.
  #take(result: NativeGroup): void {
    const group = this.#inFlight.get(result.index)!;
    this.#inFlight.delete(result.index);
    if (this.#failure !== undefined) return; // sent before the engine saw that it should stop
    this.#finished.set(group.index, candidates(this.#prepared, group, result));
    for (let rows = this.#finished.get(this.#groups); rows; rows = this.#finished.get(this.#groups)) {
      this.#finished.delete(this.#groups);
      const instances = rows.flatMap((row) => this.#accept(row));
      this.#buffer.push(...instances, { group: this.#groups, instances, labels: this.#ledger.closeGroup() });
      this.#groups++;
    }
    this.#wake();
  }

  // The row as it is taken, or nothing.
  #accept({ label, instance }: Candidate): Instance[] {
    const verdict = this.#acceptance.judge(instance);
    if ("reason" in verdict) {
      this.#ledger.reject(label, verdict.reason);
      return [];
    }
    if (!this.#ledger.accept(label)) return [];
    this.#acceptance.remember(verdict.row.text);
    return [verdict.row];
  }

  // Two groups may wait for the consumer; then the engine does.
  get #consumerIsBehind(): boolean {
    return this.#buffer.length > 2 * this.#prepared.shape.generating;
  }

  #answer(): void {
    if (!this.#wanted || this.#failure !== undefined) return;
    if (this.#consumerIsBehind) {
      this.#generation.keepAlive(false); // a consumer that never comes back must not keep the process
      return;
    }
    this.#generation.keepAlive(true);
    this.#wanted = false;
    if (!this.#isGroupNeeded()) {
      this.#generation.decline();
      return;
    }
    this.#buildAhead();
    const next = this.#ahead.shift()!;
    this.#nextIndex++;
    next.then(
      ({ group, tokens }) => {
        this.#inFlight.set(group.index, group);
        this.#generation.submit(group.index, tokens);
        if (this.#isGroupNeeded()) this.#buildAhead();
      },
      (error) => this.stop(error),
    );
  }

  // If every row that was submitted is accepted, does some label still lack instances?
  #isGroupNeeded(): boolean {
    const needed = this.#ledger.groupsNeeded(this.#prepared.repeat);
    return needed > this.#nextIndex - this.#groups && this.#nextIndex < this.#prepared.spec.limits.maxGroups;
  }

  #buildAhead(): void {
    while (this.#ahead.length < AHEAD) {
      const group = this.#build(this.#nextIndex + this.#ahead.length);
      group.catch(() => {}); // thrown where it is awaited
      this.#ahead.push(group);
    }
  }

  async #build(index: number): Promise<BuiltGroup> {
    const group = this.#prepared.factory.build(index);
    const tokens = await this.#teacher.native().tokenize(group.prompts);
    const { spec, shape, native } = this.#prepared;
    for (const [m, { length }] of tokens.entries()) {
      if (length > 0 && length + spec.sampling.maxTokens <= native.context.slotSize) continue;
      throw new PromptTooLongError({
        label: spec.labels[shape.rows[m]!.label]!.name,
        promptTokens: length,
        maxTokens: spec.sampling.maxTokens,
        contextSize: native.context.slotSize,
      });
    }
    return { group, tokens };
  }

  // What a user's callback throws stops the run instead of the process.
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.stop(error);
    }
  }
}
