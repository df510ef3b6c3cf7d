/** What a producer asks of whoever has groups made: which, what becomes of them, and who is told. */
import type { NativeCounters, NativeGroup } from "../engine/binding.js";
import type { GenerationEnd } from "../engine/generation.js";
import type { Group } from "../prompt/group.js";
import type { Goal } from "./goal.js";

/**
 * Called on the JavaScript thread; none after `stop`. What one of them throws goes to `error`, which must stop the
 * producer.
 */
export interface ProducerEvents<Judged> {
  /** Whether whoever takes the groups is behind: then the engine waits until `answer` is called. */
  isBehind(): boolean;
  /** A group was given to the engine: so many rows, and so many tokens of their prompts to decode. */
  begun?(rows: number, tokensToRead: number): void;
  /**
   * What the next group comes to by itself, as the engine made it. Called in the order of the groups, for each as soon as
   * it has finished; it may be long.
   * @param signal  fires when the producer is stopped.
   */
  judge(group: Group, result: NativeGroup, signal: AbortSignal): Promise<Judged>;
  /** Whether groups are not judged before there are rows of further ones; default they are. */
  isHeld?(): boolean;
  /** No further rows will come: groups that are held must be judged with what there is. */
  release?(): void;
  /** The next group, judged; called for one after the other, when the one before is taken. */
  take(judged: Judged): void | Promise<void>;
  progress(counters: NativeCounters): void;
  /** Something that a person should know. */
  warning(text: string): void;
  /** The engine has ended: no group is left to come, or it has failed. */
  ended(end: GenerationEnd): void;
  /** A prompt cannot be made, or one of these has thrown. */
  error(error: unknown): void;
}

/** Which groups there are to make. */
export type GroupSource = Pick<Goal, "start" | "number" | "isNeeded" | "isSettled" | "lacking">;
