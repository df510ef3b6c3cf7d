/** Drives the engine: gives it groups when it asks, and hands over what it finishes, in the order of their numbers. */
import type { NativeGenerationOptions, NativeGroup } from "../engine/binding.js";
import { Generation, type GenerationEnd, type GenerationEvents } from "../engine/generation.js";
import type { Teacher } from "../engine/teacher.js";
import { PromptTooLongError } from "../errors.js";
import { labelSets } from "../methods/label-sets.js";
import { topUpRows } from "../methods/top-up.js";
import type { Group } from "../prompt/group.js";
import { RandomStream } from "../random.js";
import { smallerContext } from "./capacity.js";
import type { Prepared } from "./prepare.js";
import type { GroupSource, ProducerEvents } from "./producer-events.js";
import { rowsToRead } from "./prompt-cost.js";
import { type RowTokens, rowTokens, withoutAbsent } from "./row-tokens.js";

/** Groups that are built before they are asked for: the engine asks for several at once when it begins. */
const AHEAD = 4;

interface BuiltGroup extends RowTokens {
  readonly group: Group;
}

/**
 * Which group is submitted next depends only on the groups that have finished, never on time: the engine asks at a step
 * of its own choosing and waits for the answer. Where that depends on what becomes of groups that have finished and are
 * still being judged, the answer comes when they are taken, and the engine waits so long. Of whole groups it does not
 * depend (see `Goal.isSettled`), so while judging is no slower than decoding, the engine waits for it at the end of a run
 * alone, and for groups that make up for rejected rows.
 */
export class Producer<Judged> {
  readonly generation: Generation;
  readonly #teacher: Teacher;
  readonly #prepared: Prepared;
  readonly #goal: GroupSource;
  readonly #events: ProducerEvents<Judged>;
  readonly #listener: GenerationEvents; // the generation may hold it weakly
  /** By number, with n. */
  readonly #inFlight = new Map<number, { readonly n: number; readonly group: Group }>();
  /** Finished groups, by n, that wait for one begun before. */
  readonly #finished = new Map<number, readonly [Group, NativeGroup]>();
  /** n of the group to hand over next, and of the one to submit next. */
  #nextOut: number;
  #nextIn: number;
  /** Groups from #nextIn on whose prompts are tokenised while the engine decodes. */
  readonly #ahead: Promise<BuiltGroup>[] = [];
  /** Number of the set of prompts that the group submitted last was drawn from. */
  #lastSet = -1;
  #lastRows: RowTokens | undefined;
  #isWanted = false;
  #isStopped = false;
  readonly #stopped = new AbortController();
  /** Groups that have finished and were not taken; settles when those so far are. */
  #waiting = 0;
  /** Whether a group is built when the one before it was taken, and no sooner. */
  readonly #isSequential: boolean;
  /** Groups that were taken. */
  #taken = 0;
  #taking: Promise<void> = Promise.resolve();

  /** @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed. */
  constructor(teacher: Teacher, prepared: Prepared, goal: GroupSource, events: ProducerEvents<Judged>) {
    this.#teacher = teacher;
    this.#prepared = prepared;
    this.#isSequential = prepared.taboo !== undefined;
    this.#goal = goal;
    this.#events = events;
    this.#nextOut = this.#nextIn = goal.start;
    this.#listener = {
      want: () => {
        this.#isWanted = true;
        this.answer();
      },
      group: (result) => this.#tell(() => this.#finish(result)),
      progress: (counters) => this.#tell(() => events.progress(counters)),
      smaller: (refused, { message }) => this.#shrink(refused, message),
      ended: (end) => this.#tell(() => this.#end(end)),
    };
    this.generation = new Generation(teacher, prepared.native, this.#listener, prepared.second?.model);
  }

  /** Answers the engine if it waits. Call it when the consumer may have caught up. */
  answer(): void {
    if (!this.#isWanted || this.#isStopped) return;
    const isBehind = this.#events.isBehind();
    this.generation.keepAlive(!isBehind); // a consumer that never comes back must keep neither process nor engine
    if (isBehind) return;
    const isHeld = this.#events.isHeld?.() === true;
    if (this.#isSequential && this.#nextIn > this.#goal.start + this.#taken) {
      if (this.#waiting === 0) this.#decline(); // it is being decoded
      return;
    }
    if (!isHeld && this.#waiting > this.#mostWaiting()) return; // answered when one is taken
    if (this.#waiting > 0 && !this.#goal.isSettled(this.#nextIn)) {
      if (isHeld && this.#inFlight.size > 0) this.#decline();
      else if (isHeld) this.#events.release?.();
      return;
    }
    if (!this.#goal.isNeeded(this.#nextIn)) {
      this.#decline();
      return;
    }
    this.#isWanted = false;
    this.#buildAhead();
    const next = this.#ahead.shift()!;
    const n = this.#nextIn++;
    const lacking = this.#goal.lacking(n); // now: later is a matter of time
    next
      .then((built) => (lacking === undefined ? built : this.#topUp(built, lacking)))
      .then(({ group, tokens, cuts }) => {
        this.#inFlight.set(group.index, { n, group });
        this.#tellBegun(group.index, { tokens, cuts });
        this.generation.submit(group.index, tokens, cuts);
        if (!this.#isSequential && this.#goal.isNeeded(this.#nextIn)) this.#buildAhead();
      })
      .catch((error: unknown) => this.#tell(() => this.#events.error(error)));
  }

  /** Stops the engine; nothing is heard of it after. */
  stop(): void {
    this.#isStopped = true;
    this.#stopped.abort();
    this.generation.cancel();
  }

  /** Stops the engine and waits until its threads have left the model. */
  async close(): Promise<void> {
    this.stop();
    await this.generation.ended.catch(() => {});
  }

  // None for now: the engine asks again when rows have ended.
  #decline(): void {
    this.#isWanted = false;
    this.generation.decline();
  }

  // As many as are decoded together, so that slow judging does not fill the memory.
  #mostWaiting(): number {
    return Math.max(2, this.#prepared.capacity.groups * this.#teacher.info.replicas);
  }

  // In their order: those that finish first are short, and a quota filled with them would be too.
  #finish(result: NativeGroup): void {
    const { n, group } = this.#inFlight.get(result.index)!;
    this.#inFlight.delete(result.index);
    this.#finished.set(n, [group, result]);
    for (let next = this.#finished.get(this.#nextOut); next; next = this.#finished.get(this.#nextOut)) {
      this.#finished.delete(this.#nextOut++);
      this.#waiting++;
      const judged = this.#events.judge(...next, this.#stopped.signal);
      judged.catch(() => {}); // thrown where it is awaited
      this.#taking = this.#taking.then(() => this.#take(judged));
    }
  }

  async #take(judged: Promise<Judged>): Promise<void> {
    try {
      const group = await judged;
      await this.#teacher.files.checkWhileRead(); // else it is of a model that nobody knows
      await this.#prepared.second?.model.files.checkWhileRead();
      if (this.#isStopped) return;
      await this.#events.take(group);
      this.#waiting--;
      this.#taken++;
      this.answer();
    } catch (error) {
      this.#tell(() => this.#events.error(error));
    }
  }

  // What was made before is taken first; but not groups that would have to be judged with less than they wait for.
  #end(end: GenerationEnd): void {
    const tell = () => this.#tell(() => this.#events.ended(end));
    if ("error" in end && this.#events.isHeld?.()) tell();
    else {
      this.#events.release?.();
      void this.#taking.then(tell);
    }
  }

  // Only where the number of groups was left open: a dataset belongs to its number of groups.
  #shrink(refused: NativeGenerationOptions, reason: string): NativeGenerationOptions | undefined {
    const { engine } = this.#prepared.spec;
    if (engine.groups !== "auto" || engine.reproducible) return undefined;
    const next = smallerContext(refused);
    if (next === undefined) return undefined;
    const size = ({ slots, batchSize }: NativeGenerationOptions["context"]) => `${slots} rows, batches of ${batchSize}`;
    this.#events.warning(`${reason}: going on with ${size(next.context)} instead of ${size(refused.context)}`);
    return next;
  }

  #buildAhead(): void {
    while (this.#ahead.length < (this.#isSequential ? 1 : AHEAD)) {
      const group = this.#build(this.#goal.number(this.#nextIn + this.#ahead.length));
      group.catch(() => {}); // thrown where it is awaited
      this.#ahead.push(group);
    }
  }

  async #build(index: number, wanted?: readonly number[]): Promise<BuiltGroup> {
    const group = this.#prepared.factory.build(index, wanted);
    const { spec, shape, native } = this.#prepared;
    const { tokens, cuts } = await rowTokens(this.#teacher, this.#prepared, group);
    for (const [m, { length }] of tokens.entries()) {
      if (group.present?.[m] === false) continue;
      if (length > 0 && length + spec.sampling.maxTokens <= native.context.slotSize) continue;
      throw new PromptTooLongError({
        label: spec.labels[group.labels[shape.rows[m]!.follows]!]!.name,
        promptTokens: length,
        maxTokens: spec.sampling.maxTokens,
        contextSize: native.context.slotSize,
        contextTrain: this.#teacher.info.contextTrain,
      });
    }
    return { group, tokens, cuts };
  }

  // Prompts that the engine keeps are read with the first of the groups that share them.
  #tellBegun(index: number, rows: RowTokens): void {
    if (this.#events.begun === undefined) return;
    const { capacity, native, shape } = this.#prepared;
    const set = Math.floor(index / capacity.groupsPerPrompts);
    const hasStored = native.context.stored > 0;
    const isKept = hasStored && set === this.#lastSet;
    this.#lastSet = set;
    const begun = rows.tokens.filter(({ length }) => length > 0).length;
    this.#events.begun(
      begun,
      rowsToRead(rows, shape.rows, { areKept: isKept, before: hasStored ? this.#lastRows : undefined }),
    );
    this.#lastRows = rows;
  }

  // The group without the rows that the labels which lack some do not need: they have no tokens for the engine. Where labels
  // take turns, a group of the labels which lack some.
  async #topUp({ group, ...rows }: BuiltGroup, lacking: ReadonlySet<number>): Promise<BuiltGroup> {
    const { spec, shape } = this.#prepared;
    if (labelSets(spec.method, spec.labels.length).groups > 1) return this.#build(group.index, [...lacking]);
    const stream = new RandomStream(BigInt(spec.sampling.seed), group.index, "partners", 0);
    const present = topUpRows(shape, lacking, (n, count) => stream.sample(n, count));
    return { group: { ...group, present }, ...withoutAbsent(rows, present) };
  }

  // What a user's callback throws stops the run instead of the process.
  #tell(action: () => void): void {
    if (this.#isStopped) return; // sent before the engine saw that it should stop
    try {
      action();
    } catch (error) {
      this.#events.error(error);
    }
  }
}
