/** One native generation: typed events in order, errors as the API's, and an end that always comes. */

import { ClosedError, type CorrSynthError, OutOfMemoryError } from "../errors.js";
import {
  binding,
  type NativeCounters,
  type NativeEvent,
  type NativeGeneration,
  type NativeGenerationOptions,
  type NativeGroup,
  type NativeModel,
} from "./binding.js";
import { fromNative } from "./native-error.js";
import type { Teacher } from "./teacher.js";

/** Called on the JavaScript thread, in the order in which the engine reached them. */
export interface GenerationEvents {
  /** There is room for a whole group: answer with `submit` or `decline`, at once or later; the engine waits. */
  want(): void;
  group(result: NativeGroup): void;
  progress(counters: NativeCounters): void;
  /**
   * The device has not the memory for `refused`: what to try instead, undefined for nothing. Absent: nothing.
   */
  smaller?(refused: NativeGenerationOptions, error: OutOfMemoryError): NativeGenerationOptions | undefined;
}

/** Decodes on a thread of its own from construction until `ended` settles. */
export class Generation {
  /** Resolves with the final counters when all groups are done; rejects with what stopped it. */
  readonly ended: Promise<NativeCounters>;
  readonly #events: GenerationEvents;
  #native!: NativeGeneration;
  #hasAsked = false;
  #isCancelled = false;

  /**
   * @param replica Which of the teacher's copies decodes, from 0.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed.
   * @throws {OutOfMemoryError} CORRSYNTH_OUT_OF_MEMORY when the system gives no thread.
   */
  constructor(teacher: Teacher, options: NativeGenerationOptions, events: GenerationEvents, replica = 0) {
    this.#events = events;
    const { promise, resolve, reject } = withResolvers<NativeCounters>();
    const start = (options: NativeGenerationOptions) => {
      this.#native = begin(teacher.replicas()[replica]!, options, (event) => {
        if (event.type === "want") this.#ask();
        else if (event.type === "group") events.group(event.result);
        else if (event.type === "progress") events.progress(event.counters);
        else if (event.error === undefined) resolve(event.counters);
        else if (teacher.closed) reject(new ClosedError("The teacher was closed while this run was decoding"));
        else {
          const error = fromNative(event.error);
          const smaller = this.#smaller(options, error);
          try {
            if (smaller) start(smaller);
            else reject(withAdvice(error));
          } catch (error) {
            reject(error);
          }
        }
      });
    };
    start(options);
    this.ended = promise;
    this.ended.catch(() => {}); // whoever awaits it sees the error; a run that nobody awaits must not end the process
    teacher.use(this);
  }

  #ask(): void {
    this.#hasAsked = true;
    this.#events.want();
  }

  // Before the first group is asked for nothing is lost by setting up another context.
  #smaller(refused: NativeGenerationOptions, error: Error): NativeGenerationOptions | undefined {
    if (!(error instanceof OutOfMemoryError) || this.#hasAsked || this.#isCancelled) return undefined;
    return this.#events.smaller?.(refused, error);
  }

  /** Answers `want` with a group: its index and the tokens of each row's prompt. */
  submit(index: number, prompts: readonly Int32Array[]): void {
    this.#native.submit(index, prompts);
  }

  /** Answers `want` with: none for now. The engine asks again when rows have ended. */
  decline(): void {
    this.#native.decline();
  }

  /** Stops within one graph operation; `ended` then rejects. Harmless when it has ended. */
  cancel(): void {
    this.#isCancelled = true;
    this.#native.ref(); // the end is near and somebody waits for it: the process must not run out before
    this.#native.cancel();
  }

  /** Whether a waiting engine keeps the process alive; it does by default. */
  keepAlive(alive: boolean): void {
    if (alive || this.#isCancelled) this.#native.ref();
    else this.#native.unref();
  }
}

function begin(model: NativeModel, options: NativeGenerationOptions, onEvent: (event: NativeEvent) => void) {
  try {
    return new (binding().Generation)(model, options, onEvent);
  } catch (error) {
    throw fromNative(error);
  }
}

function withAdvice(error: CorrSynthError): CorrSynthError {
  if (!(error instanceof OutOfMemoryError)) return error;
  const advice =
    'lower "engine.groups", "engine.contextSize" or "sampling.maxTokens", or choose "engine.kvType": "q8_0"';
  return new OutOfMemoryError(`${error.message}; ${advice}`, { cause: error.cause });
}

/** A promise and its two functions (Promise.withResolvers comes with Node 22). */
export function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}
