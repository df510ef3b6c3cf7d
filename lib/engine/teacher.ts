/** A teacher: the language model that writes. Loads it, shares it between runs, lets go of it. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { calling } from "../checks/thrown.js";
import { ClosedError, ModelLoadError } from "../errors.js";
import { type PullOptions, resolveModelPath } from "../hub/pull.js";
import { packageRoot } from "./addon.js";
import { binding, type NativeModel, type NativeModelInfo } from "./binding.js";
import { checkServers, type Device, type DeviceOptions, resolveDevice } from "./device.js";
import { type EmbedOptions, resolveEmbed } from "./embed-options.js";
import { fromNative } from "./native-error.js";
import type { Prompt } from "./prompt.js";
import {
  checkLengths,
  resolveScore,
  type Score,
  type ScoreOptions,
  type ScoreRequest,
  scoreParts,
  type TokenisedRequest,
} from "./score.js";

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
  /** Bytes of keys and values for one token of one row. */
  readonly kvBytesPerToken: number;
  /** GPUs that the model was put on; empty: the CPU alone. */
  readonly devices: readonly Device[];
  /** Copies of the model that decode groups of their own: 1, or one per GPU with `splitMode: "replicate"`. */
  readonly replicas: number;
  /** Whether the file carries a chat template (`prompt.format: "chat"`). */
  readonly hasChatTemplate: boolean;
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
  readonly #natives: readonly [NativeModel, ...NativeModel[]];
  readonly #nativeInfo: NativeModelInfo;
  readonly #users = new Set<User>();
  #closing: Promise<void> | undefined;

  /** @internal Use {@link loadTeacher}. */
  constructor(path: string, ...natives: readonly [NativeModel, ...NativeModel[]]) {
    this.#natives = natives;
    this.#nativeInfo = natives[0].info();
    const { name, architecture, description, parameters, sizeBytes, vocabulary, contextTrain, kvBytesPerToken } =
      this.#nativeInfo;
    this.info = Object.freeze({
      path,
      name,
      architecture,
      description,
      parameters,
      sizeBytes,
      vocabulary,
      contextTrain,
      kvBytesPerToken,
      devices: natives.flatMap((native) => native.info().devices),
      replicas: natives.length,
      hasChatTemplate: this.#nativeInfo.chatTemplate !== "",
    });
  }

  /** Hex SHA-256 of the model file, read anew at each call. */
  async sha256(): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(this.info.path)) hash.update(chunk as Buffer);
    return hash.digest("hex");
  }

  /**
   * Embeds texts: for each the model's last hidden state after its final norm, pooled. Not scaled to length 1.
   * @param texts None blank.
   * @returns One vector per text, in order, as many numbers as the model is wide.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an option out of range or a blank text.
   * @throws {ClosedError} CORRSYNTH_CLOSED when the teacher is closed, also while it works.
   * @example
   * const [animal, plant] = await teacher.embed(["small rodent", "tall tree with red fruit"], { pooling: "mean" });
   */
  async embed(texts: readonly string[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    const { signal, onProgress } = options;
    const resolved = resolveEmbed(texts, options, this.info.contextTrain);
    const vectors: Float32Array[] = [];
    for (let first = 0; first < texts.length; first += EMBED_BATCH) {
      signal?.throwIfAborted();
      const prompts = texts.slice(first, first + EMBED_BATCH).map((text) => [{ text, special: false }]);
      const batch = this.#embedBatch(prompts, resolved);
      this.use({ cancel: () => {}, ended: batch }); // short: closing waits for it
      const values = await batch;
      const width = values.length / prompts.length;
      for (let i = 0; i < prompts.length; i++) vectors.push(values.slice(i * width, (i + 1) * width));
      calling("onProgress", () => onProgress?.(vectors.length));
    }
    return vectors;
  }

  async #embedBatch(prompts: readonly Prompt[], options: Parameters<NativeModel["embed"]>[1]): Promise<Float32Array> {
    const [native] = this.replicas();
    try {
      return await native.embed(await native.tokenize(prompts), options);
    } catch (error) {
      throw fromNative(error);
    }
  }

  /**
   * How probable texts are after their prompts: for each the sum of its tokens' log-probabilities. Prompts that begin
   * alike are decoded once, and nothing but the sums leaves the engine.
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
  async score(requests: readonly ScoreRequest[], options: ScoreOptions = {}): Promise<Score[]> {
    const { threads, prompts } = resolveScore(requests, options);
    const [before, whole] = await Promise.all([
      this.tokenize(prompts),
      this.tokenize(prompts.map((prompt, place) => [...prompt, { text: requests[place]!.text, special: false }])),
    ]);
    const tokenised = whole.map((tokens, place) => ({ place, tokens, promptTokens: before[place]!.length }));
    checkLengths(tokenised, this.info.contextTrain);
    const scores = tokenised.map(({ tokens, promptTokens }) => {
      return { logProbability: 0, tokens: tokens.length - promptTokens };
    });
    let done = 0;
    for (const part of scoreParts(tokenised)) {
      options.signal?.throwIfAborted();
      const sums = await this.#scorePart(part, threads);
      for (const [i, { place }] of part.entries()) scores[place]!.logProbability = sums[i]!;
      done += part.length;
      calling("onProgress", () => options.onProgress?.(done));
    }
    return scores;
  }

  async #scorePart(part: readonly TokenisedRequest[], threads: number): Promise<Float64Array> {
    const [native] = this.replicas();
    const promptTokens = Int32Array.from(part, (request) => request.promptTokens);
    const tokens = part.map((request) => request.tokens);
    try {
      const sums = native.score(tokens, promptTokens, { threads });
      this.use({ cancel: () => {}, ended: sums }); // short: closing waits for it
      return await sums;
    } catch (error) {
      throw fromNative(error);
    }
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

  /** @internal Registers something that `close` has to wait for. */
  use(user: User): void {
    this.#users.add(user);
    const forget = () => this.#users.delete(user);
    user.ended.then(forget, forget);
  }
}

/**
 * Loads a language model from a GGUF file.
 *
 * @param source Path of the file; `hf:owner/repo/file.gguf` of the Hugging Face Hub, fetched once, see {@link pull}; or
 *   "demo" for the small teacher that ships with the package (writes dictionary definitions; needs no path, no network).
 * @param device Where to put it, see {@link DeviceOptions}; default all GPUs that are found, else the CPU.
 * @param fetching How an hf: file is fetched.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field of `device`.
 * @throws {DeviceError} CORRSYNTH_DEVICE when the device that was asked for is not there.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when there is no such file, or it is no model that can generate.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when an hf: file cannot be fetched.
 * @throws {BindingError} CORRSYNTH_BINDING when the native addon is missing.
 * @example
 * await using teacher = await loadTeacher("demo");
 * console.log(teacher.info.parameters);
 */
export async function loadTeacher(
  source: string,
  device: DeviceOptions = {},
  fetching: PullOptions = {},
): Promise<Teacher> {
  const { device: options, replicate } = resolveDevice(device);
  if (typeof source !== "string" || source === "") {
    throw new ModelLoadError(
      `Expected the path of a GGUF file or "demo", received ${JSON.stringify(source) ?? "nothing"}`,
    );
  }
  if (/^https?:/.test(source)) {
    throw new ModelLoadError(
      `Expected a path or hf:owner/repo/file.gguf, received "${source}": download the file and give its path`,
    );
  }
  const path =
    source === "demo"
      ? resolve(packageRoot, "models/demo-teacher.Q8_0.gguf")
      : await resolveModelPath(source, fetching);
  await checkServers(options.rpcServers);
  const loaded: NativeModel[] = [];
  try {
    const { loadModel } = binding();
    const first = await loadModel(path, options);
    loaded.push(first);
    const replicas = replicate ? first.info().candidates : 1;
    while (loaded.length < replicas) loaded.push(await loadModel(path, { ...options, mainGpu: loaded.length }));
    return new Teacher(path, first, ...loaded.slice(1));
  } catch (error) {
    for (const model of loaded) model.close();
    throw fromNative(error);
  }
}
