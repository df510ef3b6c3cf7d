/** Decoding on all copies of a teacher, seen as one: events in order, errors as the API's, an end that always comes. */

import { ClosedError, type CorrSynthError, OutOfMemoryError } from "../errors.js";
import type {
  NativeCounters,
  NativeEvent,
  NativeGeneration,
  NativeGenerationOptions,
  NativeGroup,
  NativeModel,
} from "./binding.js";
import { binding } from "./loaded-addon.js";
import { fromNative } from "./native-error.js";
import type { Teacher } from "./teacher.js";

/** Called on the JavaScript thread, in the order in which the engine reached them. None of them may throw. */
export interface GenerationEvents {
  /** A copy has room for a group: answer with `submit` or `decline`, at once or later; it waits. One asks at a time. */
  want(): void;
  group(result: NativeGroup): void;
  /** Sums over all copies so far: times are seconds of engines, not of a clock. */
  progress(counters: NativeCounters): void;
  /**
   * The device has not the memory for `refused`: what to try instead, undefined for nothing. Absent: nothing.
   */
  smaller?(refused: NativeGenerationOptions, error: OutOfMemoryError): NativeGenerationOptions | undefined;
  /** All copies have ended: with the final counters, or with what stopped the first of them. */
  ended?(end: GenerationEnd): void;
}

/** The final counters, or what stopped it. */
export type GenerationEnd = { readonly counters: NativeCounters } | { readonly error: unknown };

/** What one copy of the teacher does. */
interface Decoding {
  native?: NativeGeneration;
  /** As they were accepted, or tried last. */
  options: NativeGenerationOptions;
  hasAsked: boolean;
  counters?: NativeCounters;
}

/** Decodes on a thread for each copy from construction until `ended` settles; groups go to whichever copy has room. */
export class Generation {
  /** Settles when all threads have ended: with the final counters, or with what stopped the first of them. */
  readonly ended: Promise<NativeCounters>;
  readonly #teacher: Teacher;
  readonly #second: Teacher | undefined;
  readonly #decodings: readonly Decoding[];
  /** Those that wait for an answer, in the order in which they asked. */
  readonly #asking: Decoding[] = [];
  /** Whoever listens, held only for as long as the engine has something to say. */
  readonly #listener: WeakRef<GenerationEvents>;
  #held: GenerationEvents | undefined;
  #isCancelled = false;

  /**
   * @param second  decodes the rows of source 1; undefined where there are none.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed.
   */
  constructor(
    teacher: Teacher,
    options: NativeGenerationOptions,
    events: GenerationEvents,
    second: Teacher | undefined = undefined,
  ) {
    this.#teacher = teacher;
    this.#second = second;
    this.#listener = new WeakRef(events);
    this.#held = events;
    const models = teacher.replicas();
    this.#decodings = models.map(() => ({ options, hasAsked: false }));
    const seconds = second?.replicas() ?? [];
    const beside = (copy: number) => seconds[copy % seconds.length];
    this.ended = this.#end(models.map((model, copy) => this.#decode(model, beside(copy), this.#decodings[copy]!)));
    this.ended.then(
      (counters) => this.#events?.ended?.({ counters }),
      (error: unknown) => this.#events?.ended?.({ error }),
    );
    teacher.use(this);
    second?.use(this);
  }

  /** The contexts of the copies, as they came to be. */
  get contexts(): NativeGenerationOptions["context"][] {
    return this.#decodings.map(({ options }) => options.context);
  }

  /**
   * Answers `want` with a group: its index and the tokens of each row's prompt, none of a row that it lacks.
   * @param cuts  of each row the places, ascending, 1..length − 1, before which its prompt is what other groups may share.
   */
  submit(index: number, prompts: readonly Int32Array[], cuts?: readonly Int32Array[]): void {
    this.#answer((native) =>
      cuts === undefined ? native.submit(index, prompts) : native.submit(index, prompts, cuts),
    );
  }

  /** Answers `want` with: none for now. The engine asks again when rows have ended. */
  decline(): void {
    this.#answer((native) => native.decline());
  }

  /** Stops within one graph operation; `ended` then rejects. Harmless when it has ended. */
  cancel(): void {
    this.#isCancelled = true;
    for (const { native } of this.#decodings) {
      native?.ref(); // the end is near and somebody waits for it: the process must not run out before
      native?.cancel();
    }
  }

  /**
   * Whether waiting engines keep the process alive, and their listener from the garbage collector; they do by default.
   * Else a listener that nobody else holds can go, and then whoever made it must see to it that the generation is
   * cancelled.
   */
  keepAlive(alive: boolean): void {
    this.#held = alive ? this.#listener.deref() : undefined;
    for (const { native } of this.#decodings) {
      if (alive || this.#isCancelled) native?.ref();
      else native?.unref();
    }
  }

  get #events(): GenerationEvents | undefined {
    return this.#held ?? this.#listener.deref();
  }

  #answer(give: (native: NativeGeneration) => void): void {
    const native = this.#asking.shift()?.native;
    if (native === undefined) throw new TypeError("Expected an answer after want, one for each");
    give(native);
    if (this.#asking.length > 0) this.#events?.want();
  }

  // Runs one copy to its end, in a smaller context where the device refuses the first.
  #decode(model: NativeModel, second: NativeModel | undefined, decoding: Decoding): Promise<NativeCounters> {
    return new Promise((resolve, reject) => {
      const start = (options: NativeGenerationOptions) => {
        decoding.options = options;
        try {
          decoding.native = new (binding().Generation)(model, options, onEvent, second);
        } catch (error) {
          reject(fromNative(error));
        }
      };
      const onEvent = (event: NativeEvent) => {
        if (event.type === "want") this.#ask(decoding);
        else if (event.type === "group") this.#events?.group(event.result);
        else if (event.type === "progress") this.#progress(decoding, event.counters);
        else if (event.error === undefined) resolve(event.counters);
        else if (this.#teacher.closed || this.#second?.closed)
          reject(new ClosedError("The teacher was closed while this run was decoding"));
        else {
          const error = fromNative(event.error);
          const smaller = this.#smaller(decoding, error);
          if (smaller) start(smaller);
          else reject(withAdvice(error));
        }
      };
      start(decoding.options);
    });
  }

  // The first that fails stops the others, and all have ended when that is told.
  async #end(decodings: readonly Promise<NativeCounters>[]): Promise<NativeCounters> {
    try {
      return (await Promise.all(decodings)).reduce(add);
    } catch (error) {
      this.cancel();
      await Promise.allSettled(decodings);
      throw error;
    }
  }

  #ask(decoding: Decoding): void {
    decoding.hasAsked = true;
    if (this.#asking.push(decoding) === 1) this.#events?.want();
  }

  #progress(decoding: Decoding, counters: NativeCounters): void {
    decoding.counters = counters;
    this.#events?.progress(this.#decodings.flatMap(({ counters = [] }) => counters).reduce(add));
  }

  // Before the first group is asked for nothing is lost by setting up another context.
  #smaller({ options, hasAsked }: Decoding, error: Error): NativeGenerationOptions | undefined {
    if (!(error instanceof OutOfMemoryError) || hasAsked || this.#isCancelled) return undefined;
    return this.#events?.smaller?.(options, error);
  }
}

function add(a: NativeCounters, b: NativeCounters): NativeCounters {
  const sums = Object.entries(a).map(([name, value]) => {
    const other = b[name as keyof NativeCounters];
    return [name, typeof value === "number" ? value + Number(other) : value || other];
  });
  return Object.fromEntries(sums) as NativeCounters;
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
