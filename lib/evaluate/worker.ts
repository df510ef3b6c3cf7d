// The thread that computes the figures of an evaluation; run-in-worker.ts starts it.
import { parentPort, workerData } from "node:worker_threads";
import { InvalidConfigError } from "../errors.js";
import { computeFigures, type FigureInput } from "./figures.js";
import type { WorkerMessage } from "./run-in-worker.js";

const everyMs = 50; // between two words on one stage: often enough for a progress bar

const say = (message: WorkerMessage) => parentPort!.postMessage(message);

function stage(name: string): (share: number) => void {
  let last = performance.now();
  say({ stage: name, share: 0 });
  return (share) => {
    if (performance.now() - last < everyMs) return;
    say({ stage: name, share });
    last = performance.now();
  };
}

try {
  say({ figures: computeFigures(workerData as FigureInput, stage) });
} catch (error) {
  if (!(error instanceof InvalidConfigError)) throw error;
  say({ issues: error.issues }); // a class does not survive the way into another thread
}
