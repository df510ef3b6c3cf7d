/** Tries a model in a process of its own, so that one which makes llama.cpp end its process ends only that. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CorrSynthError, type ErrorCode, ModelLoadError } from "../errors.js";
import type { DeviceOptions } from "./device.js";
import type { TeacherInfo } from "./teacher.js";

/** What came of it. */
export interface Trial {
  readonly info: TeacherInfo;
  /** A few tokens that it wrote, may be empty: untrusted, like all that a model writes. */
  readonly text: string;
  readonly secondsToLoad: number;
  /** Of early layers that were tried: those that the text was contrasted with. */
  readonly layers?: {
    /** Numbers in 1..blocks − 1, as `dola` has them; empty where the model has none such. */
    readonly candidates: readonly number[];
    /** Why a task cannot have them; "" where it can. */
    readonly problem: string;
  };
  /** Of a second model that was tried beside it. */
  readonly second?: Omit<Trial, "second" | "layers"> & {
    /** The first token in which its vocabulary is another, so that it can be neither amateur nor guide; "" where none is. */
    readonly difference: string;
  };
}

/** How a model is tried. */
export interface TrialOptions {
  /** Where to put it, default as {@link loadTeacher} does. */
  readonly device?: DeviceOptions | undefined;
  /** A second model to load beside it, as `amateur` or `guide` of a task would be; default none. */
  readonly second?: string | undefined;
  /** Early layers to contrast its text with, as `dola` has them: "low", "high", or numbers ≥ 1; default none. */
  readonly layers?: "low" | "high" | readonly number[] | undefined;
  /** Seconds until the process is ended and the model counts as one that hangs: above 0, default 600. */
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the process is told, and what it answers. */
export interface TrialTask {
  readonly source: string;
  readonly second?: string | undefined;
  readonly layers?: TrialOptions["layers"];
  readonly device: DeviceOptions;
}
export type TrialAnswer = { readonly trial: Trial } | { readonly error: { code?: ErrorCode; message: string } };

const program = fileURLToPath(new URL("./trial-process.js", import.meta.url));
/** Of what llama.cpp says before it ends its process, as much as a message needs. */
const mostSaid = 4000;

/**
 * Loads a model in another process and has it write a few tokens. llama.cpp checks most of a file, but not all: one that is
 * damaged, or hostile, can end the process or worse, so try what you do not trust before you load it.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when the file is no model that can generate, when llama.cpp ended the process or
 *   did not answer in time; else as {@link loadTeacher}.
 * @example
 * import { tryTeacher } from "corrsynth";
 * const { info, text } = await tryTeacher("demo");
 * const { layers } = await tryTeacher("demo", { layers: "high" });
 * console.log(layers); // { candidates: [ 4 ], problem: '' }
 */
export async function tryTeacher(source: string, options: TrialOptions = {}): Promise<Trial> {
  const { device = {}, second, layers, seconds = 600, signal } = options;
  signal?.throwIfAborted();
  const child = fork(program, [], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
    env: { ...process.env, GGML_NO_BACKTRACE: "1" },
  });
  const stop = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, seconds * 1000);
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(0, mostSaid);
  });
  try {
    const answer = await new Promise<TrialAnswer | string>((settle, fail) => {
      child.on("error", fail);
      child.on("message", (message) => settle(message as TrialAnswer));
      child.on("close", (code, by) => settle(by ?? `exit code ${code}`));
      child.send({ source, second, layers, device } satisfies TrialTask, () => {}); // a process that is gone already closes
    });
    signal?.throwIfAborted();
    if (typeof answer === "string") throw ended(source, isLate ? `did not answer in ${seconds} s` : answer, said);
    if ("trial" in answer) return answer.trial;
    const { code, message } = answer.error;
    throw code === undefined || code === "CORRSYNTH_MODEL_LOAD"
      ? new ModelLoadError(message)
      : new CorrSynthError(code, message);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

function ended(source: string, how: string, said: string): ModelLoadError {
  const line = said.split("\n").find((text) => /GGML_ASSERT|error|abort|terminate/i.test(text)) ?? "";
  return new ModelLoadError(
    `The process that tried "${source}" ${/^did/.test(how) ? how : `was ended by llama.cpp (${how})`}: the file is damaged, ` +
      `or no model that this version can run${line === "" ? "" : `: ${line.trim()}`}`,
  );
}
