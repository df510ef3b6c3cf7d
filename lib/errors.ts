/**
 * The errors that corrsynth throws. Codes are API and stay; texts may improve at any time.
 */

/** Every error code, with what it stands for. */
export const errorCodes = {
  CORRSYNTH_INVALID_CONFIG: "A task, an option or an input file is wrong; `issues` lists every wrong field",
  CORRSYNTH_MODEL_LOAD: "The model file is missing, damaged, or of a kind that cannot generate",
  CORRSYNTH_PROMPT_TOO_LONG: "A prompt and its generated text do not fit one row of the context",
  CORRSYNTH_CONTEXT_FULL: "The rows of a group do not fit the context together",
  CORRSYNTH_OUT_OF_MEMORY: "The machine or the device has too little memory",
  CORRSYNTH_DEVICE: "The GPU or RPC server that was asked for is not there",
  CORRSYNTH_LAYERS: "The method reads the teacher's early layers, and this model's cannot be read",
  CORRSYNTH_ENGINE: "The engine failed while decoding",
  CORRSYNTH_CLOSED: "The teacher was closed before or during the call",
  CORRSYNTH_FILTER: "`filters.accept` or `filters.acceptGroup` failed at a row, or said nothing that is a verdict",
  CORRSYNTH_QUOTA_NOT_MET: "The group limit was reached before every label had its number",
  CORRSYNTH_NOT_REPRODUCIBLE:
    "A row of a run cannot be made again: its model, its input files or what its group was made of are not at hand",
  CORRSYNTH_HELD:
    "Another process writes to the run directory; what it wrote stays, and the same call may be made later",
  CORRSYNTH_STORAGE:
    "A run directory can no longer be written: the disk is full, or it is gone; what was written stays",
  CORRSYNTH_DOWNLOAD:
    "A model cannot be fetched: no connection, wrong content, or no room on the disk; " +
    "what arrived stays for the next try",
  CORRSYNTH_UPLOAD:
    "A dataset cannot be put on the hub: no connection, no right to, or somebody else was there first; nothing was " +
    "committed, or the message says that it is not known",
  CORRSYNTH_QUEUE:
    "The Redis or Valkey server of a queue cannot be used, or what it holds was not written by corrsynth",
  CORRSYNTH_BINDING: "The native addon cannot be found or loaded",
  CORRSYNTH_ABORTED: "The run was aborted by a signal that carries no reason",
} as const;

/** One of the codes of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** What every error of this package is: a message for people, a stable `code` for programs. */
export class CorrSynthError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** One wrong field: where it is (`labels.sports`, `seeds.jsonl:12`, or empty for the whole input) and what is wrong. */
export interface ConfigIssue {
  readonly path: string;
  readonly message: string;
}

/** What a message of many issues shows: a file that is something else entirely can have thousands. */
const mostLines = 50;
const longestLine = 800;

/**
 * The input is wrong. The message lists the issues, one a line as `labels.sports: …`, up to 50 of them; `issues` has
 * all.
 */
export class InvalidConfigError extends CorrSynthError {
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[], options?: ErrorOptions) {
    super("CORRSYNTH_INVALID_CONFIG", issueLines(issues), options);
    this.issues = issues;
  }
}

function issueLines(issues: readonly ConfigIssue[]): string {
  const lines = issues.slice(0, mostLines).map(({ path, message }) => {
    const line = path === "" ? message : `${path}: ${message}`;
    return line.length <= longestLine ? line : `${line.slice(0, longestLine)}…`;
  });
  if (issues.length > mostLines) lines.push(`and ${issues.length - mostLines} more that are wrong`);
  return lines.join("\n");
}

/**
 * The error of one wrong field.
 * @param path  where it is: `labels.sports`, `seeds.jsonl:12`, or empty for the whole input.
 * @param message  what was expected, what came instead, and what to do.
 */
export function invalidField(path: string, message: string, options?: ErrorOptions): InvalidConfigError {
  return new InvalidConfigError([{ path, message }], options);
}

/** The model cannot be loaded. */
export class ModelLoadError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_MODEL_LOAD", message, options);
  }
}

/** The numbers behind a {@link PromptTooLongError}, all in tokens. */
export interface PromptLength {
  /** Name of the label whose prompt is too long. */
  readonly label: string;
  readonly promptTokens: number;
  /** `sampling.maxTokens`, the room that generation needs. */
  readonly maxTokens: number;
  /** Tokens that one row of the context holds. */
  readonly contextSize: number;
  /** Tokens of context that the model was trained for, beyond which no row should go. */
  readonly contextTrain: number;
  /** The longest seed of a label whose prompts do not fit; undefined where there is none. */
  readonly seed?: LongSeed | undefined;
}

/**
 * The longest seed of a label whose prompts do not fit.
 * @inline
 */
export interface LongSeed {
  /** `seeds.jsonl:12` or `seeds[3]`. */
  readonly place: string;
  readonly id: string;
  readonly tokens: number;
  /**
   * How many seeds, this one among them, would have to go for all prompts to fit; 0 where that would leave prompts
   * without their number of examples.
   */
  readonly tooLong: number;
}

/** A prompt does not fit its row. Prompts are never cut. */
export class PromptTooLongError extends CorrSynthError implements PromptLength {
  readonly label: string;
  readonly promptTokens: number;
  readonly maxTokens: number;
  readonly contextSize: number;
  readonly contextTrain: number;
  readonly seed: LongSeed | undefined;

  constructor(length: PromptLength, options?: ErrorOptions) {
    super("CORRSYNTH_PROMPT_TOO_LONG", tooLong(length), options);
    this.label = length.label;
    this.promptTokens = length.promptTokens;
    this.maxTokens = length.maxTokens;
    this.contextSize = length.contextSize;
    this.contextTrain = length.contextTrain;
    this.seed = length.seed;
  }
}

function tooLong({ label, promptTokens, maxTokens, contextSize, contextTrain, seed }: PromptLength): string {
  const needed = promptTokens + maxTokens;
  const others = (seed?.tooLong ?? 0) - 1;
  const more = others < 1 ? "" : `, and ${others} more ${others === 1 ? "is" : "are"} too long`;
  const who = seed === undefined ? "" : `. Seed ${seed.place} (id "${seed.id}") has ${seed.tokens} tokens${more}`;
  const remedies = [
    ...(others < 0 ? ["shorten the instruction, seeds or contexts"] : ['set seeds.tooLong to "skip"']),
    ...(others < 0 ? [] : [others === 0 ? "shorten that seed" : "shorten these seeds"]),
    "lower prompt.shots or sampling.maxTokens",
    ...(needed <= contextTrain ? [`raise engine.contextSize to ${needed}`] : []),
  ];
  const last = remedies.pop()!;
  return (
    `Expected the prompt of label "${label}" and sampling.maxTokens to fit the ${contextSize} tokens of a row, ` +
    `received ${promptTokens} + ${maxTokens} tokens${who}: ${remedies.join(", ")}, or ${last}`
  );
}

/** The rows of a group need more key-value cells than the context has. */
export class ContextFullError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_CONTEXT_FULL", message, options);
  }
}

/** Memory of the machine or the device is exhausted. */
export class OutOfMemoryError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_OUT_OF_MEMORY", message, options);
  }
}

/** The method reads the teacher's early layers, and this model's cannot be read. */
export class LayersError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_LAYERS", message, options);
  }
}

/** The device that was asked for cannot be used. */
export class DeviceError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_DEVICE", message, options);
  }
}

/** Decoding failed, or the model gave numbers that are none. */
export class EngineError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_ENGINE", message, options);
  }
}

/** The teacher is closed. */
export class ClosedError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_CLOSED", message, options);
  }
}

/** A filter that the caller gave as a function failed. `cause` is what it threw, if it threw. */
export class FilterError extends CorrSynthError {
  /** What it was asked about: `row 12.3`, by the row's id, or `group 12`. */
  readonly at: string;

  constructor(message: string, at: string, options?: ErrorOptions) {
    super("CORRSYNTH_FILTER", `${message}, at ${at}`, options);
    this.at = at;
  }
}

/** Another process writes to the directory, or may: the one refusal that passes by waiting. */
export class HeldError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_HELD", message, options);
  }
}

/** A row of a run cannot be made again; `issues` says why. */
export class NotReproducibleError extends CorrSynthError {
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[], options?: ErrorOptions) {
    super("CORRSYNTH_NOT_REPRODUCIBLE", issueLines(issues), options);
    this.issues = issues;
  }
}

/** A run directory can no longer be written. What its journal has stays. */
export class StorageError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_STORAGE", message, options);
  }
}

/** A model cannot be fetched. */
export class DownloadError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_DOWNLOAD", message, options);
  }
}

/** A dataset cannot be put on the hub. */
export class UploadError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_UPLOAD", message, options);
  }
}

/** A queue cannot be used. What workers and collector have done stays. */
export class QueueError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_QUEUE", message, options);
  }
}

/** The native addon cannot be found or loaded on this machine. */
export class BindingError extends CorrSynthError {
  constructor(message: string, options?: ErrorOptions) {
    super("CORRSYNTH_BINDING", message, options);
  }
}

/** Stands in where an abort signal gives no reason of its own. */
export class AbortError extends CorrSynthError {
  constructor(message = "The run was aborted", options?: ErrorOptions) {
    super("CORRSYNTH_ABORTED", message, options);
  }
}
