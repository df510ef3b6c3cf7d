// Starts the thread that computes figures, and tells what it says.
import { Worker } from "node:worker_threads";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { FigureInput, Figures } from "./figures.js";

/** What the thread says: how far a stage is, and in the end the figures, or what is wrong with its input. */
export type WorkerMessage =
  | { readonly stage: string; readonly share: number }
  | { readonly figures: Figures }
  | { readonly issues: readonly ConfigIssue[] };

/** How the work is stopped and watched. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly stage: string; readonly share: number }) => void) | undefined;
}

// Node runs JavaScript: where this module is TypeScript, as tests import it, the thread is the one that `npm run
// build:ts` made of the sources.
const program = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/evaluate/worker.js" : "./worker.js",
  import.meta.url,
);

/**
 * The figures, computed on a thread of its own while this one is free. The input is copied.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for what the metrics refuse; the reason of the signal, whose
 * abort ends the thread at once; and whatever `onProgress` throws.
 */
export async function runInWorker(input: FigureInput, { signal, onProgress }: Watch): Promise<Figures> {
  signal?.throwIfAborted();
  const worker = new Worker(program, { workerData: input, execArgv: [] });
  let stop = () => {};
  try {
    return await new Promise<Figures>((resolve, reject) => {
      stop = () => reject(signal?.reason);
      signal?.addEventListener("abort", stop);
      worker.on("message", (message: WorkerMessage) => {
        if (signal?.aborted) return;
        if ("figures" in message) resolve(message.figures);
        else if ("issues" in message) reject(new InvalidConfigError(message.issues));
        else {
          try {
            onProgress?.(message);
          } catch (error) {
            reject(error);
          }
        }
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`The thread of the evaluation ended with code ${code}`)));
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    worker.removeAllListeners("message");
    await worker.terminate();
  }
}
