/** A teacher: the language model that writes. Shared between runs, and let go of when they have ended. */
import { calling } from "../checks/thrown.js";
import { ClosedError } from "../errors.js";
import type { Shelf } from "../vector-cache/shelf.js";
import type { NativeModel, NativeModelInfo } from "./binding.js";
import type { Device, DeviceOptions } from "./device.js";
import { type EmbedOptions, type Pooling, resolveEmbed } from "./embed-options.js";
import type { MappedFiles } from "./mapped-files.js";
import { fromNative } from "./native-error.js";
import type { Prompt } from "./prompt.js";
import { type Score, type ScoreOptions, type ScoreRequest, scoreWith } from "./score.js";
import { Scorer } from "./scorer.js";
import { shelfKey } from "./shelf-key.js";

/** What is known of a loaded teacher. */
export interface TeacherInfo {
  /** Absolute path of the GGUF file. */
  readonly path: string;
  /** `general.name` of the file, may be empty. */
  readonly name: string;
  /** llama.cpp's name of the architecture, e.g. "llama". */
  readonly architecture: string;
  /** One line for people, e.g. "llama 135M Q8_0". */
  readonly description: string;
  readonly parameters: number;
  readonly sizeBytes: number;
  /** Tokens in the vocabulary. */
  readonly vocabulary: number;
  /** Tokens of context that the model was trained for. */
  readonly contextTrain: number;
  /** Blocks, whose states `dola` counts as its layers. */
  readonly layers: number;
  /** Bytes of keys and values for one token of one row. */
  readonly kvBytesPerToken: number;
  /** GPUs that the model was put on; empty: the CPU alone. */
  readonly devices: readonly Device[];
  /** Copies of the model that decode groups of their own: 1, or one per GPU with `splitMode: "replicate"`. */
  readonly replicas: number;
  /** Whether the file carries a chat template (`prompt.format: "chat"`). */
  readonly hasChatTemplate: boolean;
  /**
   * How `embed` makes one vector of a text's: as the file says, else over all tokens ("mean") where the model reads in
   * both directions, and from the "last" where it writes.
   */
  readonly pooling: Pooling;
  /**
   * Whether it was made to embed: an encoder, or a file that says how its vectors are pooled. Of a language model the
   * vectors are states for the next token, which say less about meaning.
   */
  readonly isEmbedder: boolean;
}

/** Texts that cross into the addon together, between two looks at the signal. */
const EMBED_BATCH = 64;

/** Something that uses the model and must have ended before the model goes. */
interface User {
  cancel(): void;
  readonly ended: Promise<unknown>;
}

/**
 * A loaded model. Several runs may share it, each decoding on a thread of its own.
 * @example
 * await using teacher = await loadTeacher("demo");
 * const [vector] = await teacher.embed(["a red fox"], { pooling: "mean" });
 * console.log(teacher.info.parameters, vector?.length);
 */
export class Teacher implements AsyncDisposable {
  readonly info: TeacherInfo;
  /** @internal What `score` keeps between calls. */
  readonly scorer: Scorer;
  readonly #natives: readonly [NativeModel, ...NativeModel[]];
  readonly #nativeInfo: NativeModelInfo;
  readonly #users = new Set<User>();
  #closing: Promise<void> | undefined;

  /** @internal The files that it is read from while it runs. */
  readonly files: MappedFiles;
  /** @internal Where it was put, for a second model to be put there, too. */
  device: DeviceOptions = {};

  /** @internal Use `loadTeacher`. */
  constructor(files: MappedFiles, ...natives: readonly [NativeModel, ...NativeModel[]]) {
    this.files = files;
    this.#natives = natives;
    this.scorer = new Scorer(natives[0]);
    this.#nativeInfo = natives[0].info();
    const { name, architecture, description, parameters, sizeBytes, vocabulary } = this.#nativeInfo;
    const { contextTrain, layers, kvBytesPerToken } = this.#nativeInfo;
    this.info = Object.freeze({
      path: files.path,
      name,
      architecture,
      description,
      parameters,
      sizeBytes,
      vocabulary,
      contextTrain,
      layers,
      kvBytesPerToken,
      devices: natives.flatMap((native) => native.info().devices),
      replicas: natives.length,
      hasChatTemplate: this.#nativeInfo.chatTemplate !== "",
      pooling: poolingOf(this.#nativeInfo),
      isEmbedder: !this.#nativeInfo.causal || this.#nativeInfo.pooling !== "",
    });
  }

  /**
   * Hex SHA-256 of the model file, read anew at each call.
   * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when it is no longer the file that was loaded.
   */
  sha256(): Promise<string> {
    return this.files.sha256();
  }

  /**
   * Embeds texts: for each the model's last hidden state after its final norm, pooled. Not scaled to length 1. Texts are
   * closed as the model knows them, with [SEP] or an end token where its vocabulary says so. On a CPU a vector depends on
   * its text alone, to the last bit.
   * @param texts None blank. One that is there twice is embedded once.
   * @returns One vector per text, in order, as many numbers as the model is wide.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range or a blank text.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed, also while it works.
   * @example
   * const [animal, plant] = await teacher.embed(["small rodent", "tall tree with red fruit"], { pooling: "mean" });
   */
  async embed(texts: readonly string[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    const { signal, onProgress } = options;
    const resolved = resolveEmbed(texts, options, this.info);
    this.replicas(); // throws where it is closed, also when all is in the cache
    if (texts.length > 0) signal?.throwIfAborted();
    const shelf = await this.#shelf(options, resolved);
    const unlike = [...new Set(texts)];
    const found = new Map<string, Float32Array>();
    for (const [t, vector] of ((await shelf?.get(unlike)) ?? []).entries()) if (vector) found.set(unlike[t]!, vector);
    const missing = unlike.filter((text) => !found.has(text));
    const told = () => calling("onProgress", () => onProgress?.(found.size + texts.length - unlike.length));
    if (missing.length < unlike.length) told();
    for (let first = 0; first < missing.length; first += EMBED_BATCH) {
      signal?.throwIfAborted();
      const some = missing.slice(first, first + EMBED_BATCH);
      const batch = this.#embedBatch(
        some.map((text) => [{ text, special: false }]),
        resolved,
      );
      this.use({ cancel: () => {}, ended: batch }); // short: closing waits for it
      const vectors = await batch;
      await shelf?.put(some, vectors);
      for (const [t, text] of some.entries()) found.set(text, vectors[t]!);
      told();
    }
    return texts.map((text) => found.get(text)!);
  }

  /**
   * For each text whether {@link embed} with the same options would find it in its `cache`; without one false.
   * @throws as `embed`.
   * @example
   * console.log(await teacher.isCached(["small rodent"])); // [ false ]
   */
  async isCached(texts: readonly string[], options: EmbedOptions = {}): Promise<boolean[]> {
    const shelf = await this.#shelf(options, resolveEmbed(texts, options, this.info));
    return texts.map((text) => shelf?.has(text) ?? false);
  }

  async #shelf({ cache }: EmbedOptions, resolved: ReturnType<typeof resolveEmbed>): Promise<Shelf | undefined> {
    return cache?.shelf(await shelfKey(await this.files.identity(), this.#nativeInfo, resolved));
  }

  async #embedBatch(prompts: readonly Prompt[], options: Parameters<NativeModel["embed"]>[1]): Promise<Float32Array[]> {
    const [native] = this.replicas();
    try {
      const values = await native.embed(await native.tokenize(prompts), options);
      const width = values.length / prompts.length;
      return prompts.map((_, i) => values.slice(i * width, (i + 1) * width));
    } catch (error) {
      throw fromNative(error);
    }
  }

  /**
   * How probable texts are after their prompts: for each the sum of its tokens' log-probabilities. Nothing but the sums
   * leaves the engine.
   *
   * What prompts share is decoded once, and their beginnings of 64 tokens or more, 8,192 tokens together and no more
   * than 512 MiB, are kept for the next call: until the teacher closes, or for a minute after the last one. They take
   * `2 * info.kvBytesPerToken` each (on a device only the latest stays). A score depends on the requests of its call
   * alone, to the last bit: not on their order, nor on what was scored before. Calls take turns; a run may decode
   * meanwhile.
   * @returns One score per request, in order.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range, a request without a prompt, or one
   *   longer than the model was trained for.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed, also while it works.
   * @example
   * const prompt = "Definition of an animal:";
   * const [rodent, tree] = await teacher.score([
   *   { prompt, text: " small burrowing rodent" },
   *   { prompt, text: " tall tree with red fruit" },
   * ]);
   * console.log(rodent.logProbability / rodent.tokens > tree.logProbability / tree.tokens); // true
   */
  score(requests: readonly ScoreRequest[], options: ScoreOptions = {}): Promise<Score[]> {
    return scoreWith(this, requests, options);
  }

  /**
   * How many tokens each text has, with the begin-of-sequence token where the vocabulary wants one.
   * @throws {EngineError} CORRSYNTH_ENGINE when the vocabulary has no tokens for a text.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed.
   * @example
   * const [tokens] = await teacher.countTokens(["small burrowing rodent"]);
   */
  async countTokens(texts: readonly string[]): Promise<number[]> {
    const tokens = await this.tokenize(texts.map((text) => [{ text, special: false }]));
    return tokens.map(({ length }) => length);
  }

  /**
   * @internal Tokens of each prompt, with the vocabulary's begin-of-sequence token where it wants one.
   * @throws {EngineError} CORRSYNTH_ENGINE when the vocabulary has no tokens for a text.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed.
   */
  async tokenize(prompts: readonly Prompt[]): Promise<Int32Array[]> {
    const [native] = this.replicas();
    try {
      return await native.tokenize(prompts);
    } catch (error) {
      throw fromNative(error);
    }
  }

  /**
   * Stops every run on this teacher (they reject with a {@link ClosedError}), waits until their threads have ended,
   * and frees the model. Twice is harmless.
   */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      const users = [...this.#users];
      for (const user of users) user.cancel();
      await Promise.allSettled(users.map((user) => user.ended));
      this.scorer.close();
      for (const native of new Set(this.#natives)) native.close();
    })();
    return this.#closing;
  }

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** True from the first call of `close` on. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** @internal All copies of the native model; throws when closed. */
  replicas(): readonly [NativeModel, ...NativeModel[]] {
    if (this.closed) throw new ClosedError("Expected an open teacher, but it was closed: load it again");
    return this.#natives;
  }

  /** @internal Template ("" where the model has none) and token texts for `prompt.format: "chat"`. */
  chatTemplate(): { template: string; bosToken: string; eosToken: string } {
    const { chatTemplate, bosToken, eosToken } = this.#nativeInfo;
    return { template: chatTemplate, bosToken, eosToken };
  }

  /** @internal The first token in which another model's vocabulary is not this one's, in words; "" where none is. */
  vocabularyDifference(other: Teacher, name: string): string {
    return this.replicas()[0].vocabularyDifference(other.replicas()[0], name);
  }

  /** @internal Registers something that `close` has to wait for. */
  use(user: User): void {
    this.#users.add(user);
    const forget = () => this.#users.delete(user);
    user.ended.then(forget, forget);
  }
}

// The one thing that a model which was made for embedding is sure to say.
function poolingOf({ pooling, causal }: NativeModelInfo): Pooling {
  if (pooling === "mean" || pooling === "cls" || pooling === "last") return pooling;
  return causal ? "last" : "mean";
}
