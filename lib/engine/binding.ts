/** What the native addon exports, as types: native/addon/ has the same names. */
import type { ContrastSet } from "../methods/coupling.js";
import type { Prompt } from "./prompt.js";

/**
 * A device that ggml found.
 * @inline
 */
export interface NativeDevice {
  /** ggml's name, e.g. "CUDA0". */
  name: string;
  /** E.g. "NVIDIA H200". */
  description: string;
  /** "cpu", "cuda", "metal", "vulkan", "rpc", … */
  backend: string;
  /** A device of its own beside the CPU. */
  isGpu: boolean;
  /** Bytes. */
  memoryFree: number;
  memoryTotal: number;
}

export interface NativeDeviceOptions {
  /** "auto", a backend, or "": the CPU alone. */
  gpu: string;
  /** Negative: all. */
  gpuLayers: number;
  mainGpu: number;
  splitMode: "layer" | "row" | "tensor" | "none";
  tensorSplit: readonly number[];
  mmap: boolean;
  rpcServers: readonly string[];
}

/** What the file says of itself, and what follows from it. */
export interface NativeModelInfo {
  name: string;
  architecture: string;
  description: string;
  chatTemplate: string;
  bosToken: string;
  eosToken: string;
  parameters: number;
  sizeBytes: number;
  vocabulary: number;
  contextTrain: number;
  layers: number;
  /** Each token sees those before it alone; else the model cannot write. */
  causal: boolean;
  /** As the file says how a text is embedded; may be empty. */
  pooling: "" | "mean" | "cls" | "last" | "rank";
  /** That the model was put on; empty: the CPU alone. */
  devices: NativeDevice[];
  /** Devices of which `splitMode: "none"` takes one. */
  candidates: number;
  kvBytesPerToken: number;
}

export interface NativeModel {
  info(): NativeModelInfo;
  tokenize(prompts: readonly Prompt[]): Promise<Int32Array[]>;
  /** [texts, dimensions], row by row. */
  embed(
    texts: readonly Int32Array[],
    options: { pooling: "mean" | "cls" | "last"; maxTokens: number; threads: number },
  ): Promise<Float32Array>;
  /**
   * For each request, prompt and text in one, ln P of what comes after its first `promptTokens` tokens. What prompts
   * begin with is kept for the next call, see native/engine/score.h.
   */
  score(requests: readonly Int32Array[], promptTokens: Int32Array, options: { threads: number }): Promise<Float64Array>;
  /** The first token in which another vocabulary differs from this one, in words; "" where none does. */
  vocabularyDifference(other: NativeModel, name: string): string;
  /** Lets go of all that `score` keeps. */
  releaseScorer(): void;
  close(): void;
}

export interface NativeRow {
  text: string;
  tokens: number;
  ending: "eos" | "stop" | "length";
  /** Index of the stop text that ended it; -1 where none did. */
  stop: number;
  logProb: number;
  /** For each token up to the last one that had a partner; empty unless asked for. */
  contrastNorms: Float64Array;
}

/** A token, and its probability under a row's own distribution and under the contrasted one. */
export interface NativeTokenShare {
  token: number;
  own: number;
  contrasted: number;
}

/** What a step did to the token that it drew for one row; see native/sampling/trace.h. */
export interface NativeStepTrace extends NativeTokenShare {
  drawn: number;
  exponent: number;
  logScale: number;
  isKeptEnd: boolean;
  plausible: number;
  nucleus: number;
  /** By row, ascending; `layer` counts the candidates of a row that is an early layer, -1 of others. */
  pushes: { row: number; layer: number; weight: number; nats: number }[];
  likely: NativeTokenShare[];
  contrasts: NativeTokenShare[];
}

export interface NativeGroup {
  index: number;
  /** All that can generate; one that the group lacks has no tokens. */
  rows: NativeRow[];
  /** Of the row that was asked for; absent else. */
  trace?: NativeStepTrace[];
  /** Texts of the tokens that it names. */
  pieces?: Record<number, string>;
}

/** Counts since the start of a generation; see native/engine/generate.h. */
export interface NativeCounters {
  steps: number;
  promptTokens: number;
  prefilledTokens: number;
  decodedTokens: number;
  generatedTokens: number;
  uncontrastedTokens: number;
  partlyContrastedTokens: number;
  graphs: number;
  groupsInFlight: number;
  bytesToHost: number;
  sampler: "" | "cpu" | "cuda" | "graph" | "copy";
  /** At the end: why a faster sampler did not serve; may be empty. */
  notice: string;
  setupSeconds: number;
  prefillSeconds: number;
  decodeSeconds: number;
  sampleSeconds: number;
  /** Those of prefill and decode that the second model took. */
  secondSeconds: number;
}

/** An error thrown by the addon; `code` is one of the engine's (native/engine/error.h). */
export interface NativeError extends Error {
  code?: string;
}

export type NativeEvent =
  | { type: "want" }
  | { type: "group"; result: NativeGroup }
  | { type: "progress"; counters: NativeCounters }
  | { type: "end"; counters: NativeCounters; error?: NativeError };

export interface NativeGenerationOptions {
  shape: {
    generating: number;
    follows: Int32Array;
    /** By row: 0 is decoded by the model, 1 by the second one. Empty: all by the one there is. */
    source: Int32Array;
    /** Of a row's early layer, beside the sets; 0 without `layers`. */
    layerWeight: number;
    /** Steps that are drawn without contrast. */
    warmUp: number;
    /** The first step that is so again, as are all that follow; ≥ 1. */
    contrastUntil: number;
    /** Exponent on a row's own distribution, while its partners are active. */
    gamma: number;
    sets: (Pick<ContrastSet, "row" | "total"> & { members: Int32Array })[];
  };
  step: {
    /** The paper's α and, from the addon on, `alpha`: the same number under the name of the option. */
    plausibility: number;
    temperature: number;
    topP: number;
    topK: number;
    /** Whether a row ends is drawn by itself, from its own distribution. */
    keepsEnds: boolean;
    seed: bigint;
  };
  limits: { maxTokens: number; stop: readonly string[] };
  logProbs: boolean;
  contrastNorms: boolean;
  /** One row of one group, to be traced step by step, with so many of the most likely tokens; absent: none is. */
  trace?: { group: number; row: number; likely: number };
  context: NativeContextOptions;
  /** Of the second model; null without one. */
  secondContext: NativeContextOptions | null;
}

export interface NativeContextOptions {
  slots: number;
  stored: number;
  slotSize: number;
  batchSize: number;
  threads: number;
  /** ggml's name of a type. */
  kvType: string;
  flashAttention: "on" | "off" | "";
  /** Whose logits each step has beside the last one's, 1..blocks − 1. */
  layers: Int32Array;
  /** Of its model in messages, such as "the amateur"; empty: it is the only one. */
  role: string;
}

export interface NativeGeneration {
  /** Prompts by row; empty of a row that the group lacks. */
  submit(index: number, prompts: readonly Int32Array[], cuts?: readonly Int32Array[]): void;
  decline(): void;
  cancel(): void;
  ref(): void;
  unref(): void;
}

export interface NativeStepOptions {
  logits: Float32Array;
  vocab: number;
  gamma: number;
  weights: Float64Array;
  active: Uint8Array;
  plausibility: number;
  topP: number;
  topK: number;
  temperature: number;
  seed: bigint;
  group: bigint;
  step: number;
}

export interface Binding {
  /** Makes ggml's backends known; the directory is that of the addon. */
  loadBackends(directory: string): void;
  /** The same for the folder of a package with a GPU's backend; empty, or why it cannot be loaded. */
  addBackends(directory: string): string;
  devices(): NativeDevice[];
  /** Empty where libcorrsynth-cuda is at hand, else why it is not. */
  cudaSamplerProblem(): string;
  shutDown(): void;
  loadModel(path: string, device: NativeDeviceOptions): Promise<NativeModel>;
  Generation: new (
    model: NativeModel,
    options: NativeGenerationOptions,
    onEvent: (event: NativeEvent) => void,
    /** Decodes the rows of source 1; undefined where there are none. */
    second?: NativeModel,
  ) => NativeGeneration;
  sampleStep(options: NativeStepOptions): Int32Array;
}
