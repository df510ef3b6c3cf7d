// What every command works with. Commands take it as a parameter, so that tests run them without the native part.
import type * as corrsynth from "../index.js";
import type { Output } from "./terminal.js";

/** The part of the library that commands use. */
export type Library = Pick<
  typeof corrsynth,
  | "doctor"
  | "tryTeacher"
  | "loadTeacher"
  | "loadEmbedder"
  | "synthesizeTo"
  | "synthesizeRounds"
  | "plan"
  | "preview"
  | "previewBoth"
  | "checkTask"
  | "proposeAttributes"
  | "replayRow"
>;

export interface Environment {
  readonly library: Library;
  /** Data. */
  readonly stdout: Output;
  /** Everything else: progress, remarks, errors. */
  readonly stderr: Output;
  /** Fires with a {@link Stopped} when the process is told to end. */
  readonly signal: AbortSignal;
  /** Milliseconds from any fixed point. */
  readonly now: () => number;
}

/** What the process returns to the shell; 130 and 143 stand for a stop by SIGINT and SIGTERM. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badInput: 2,
  quotaNotMet: 3,
  held: 4,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** Why the signal of an {@link Environment} fired. */
export class Stopped extends Error {
  readonly by: "SIGINT" | "SIGTERM";

  constructor(by: "SIGINT" | "SIGTERM") {
    super(`stopped by ${by}`);
    this.name = "Stopped";
    this.by = by;
  }
}
