// How a download is getting on, on stderr, in the same modes as a run.
import type { PullProgress } from "../index.js";
import type { ProgressMode } from "./progress.js";
import { bytes, clip, duration, type Output, printable } from "./terminal.js";

export interface PullDisplay {
  update(progress: PullProgress): void;
  /** Shows the last state and leaves the line free for what follows. */
  end(): void;
}

// Milliseconds between two displays.
const intervals = { bar: 100, plain: 5000, json: 500 };
const cells = 20;

/**
 * @param title  what is fetched.
 * @param now  milliseconds, monotonic.
 */
export function showPull(mode: ProgressMode, title: string, output: Output, now: () => number): PullDisplay {
  const kind = mode === "auto" ? (output.isTty ? "bar" : "plain") : mode;
  if (kind === "none") return { update: () => undefined, end: () => undefined };
  let shown = Number.NEGATIVE_INFINITY;
  let waiting: PullProgress | undefined;
  let isOpen = false; // a bar stands on the line
  const show = (progress: PullProgress) => {
    waiting = undefined;
    shown = now();
    if (kind === "json") output.write(`${JSON.stringify({ pull: title, ...progress })}\n`);
    else if (kind === "plain") output.write(`${summary(progress)}\n`);
    else {
      output.write(`\r${clip(`${bar(progress)}  ${summary(progress)}`, output.columns - 1)}\x1b[K`);
      isOpen = true;
    }
  };
  return {
    update: (progress) => {
      if (now() - shown >= intervals[kind]) show(progress);
      else waiting = progress;
    },
    end: () => {
      if (waiting) show(waiting);
      if (isOpen) output.write("\n");
      isOpen = false;
    },
  };
}

function bar({ received, total }: PullProgress): string {
  const full = total === 0 ? cells : Math.floor((cells * received) / total);
  return "█".repeat(full) + "░".repeat(cells - full);
}

function summary({ stage, file, received, total, bytesPerSecond, secondsLeft }: PullProgress): string {
  const name = printable(file.slice(file.lastIndexOf("/") + 1));
  const share = total === 0 ? 100 : Math.floor((100 * received) / total);
  const state = `${name}: ${bytes(received)} of ${bytes(total)} (${share} %)`;
  if (stage === "wait") return `${state}, another process fetches it`;
  if (stage === "verify") return `${state}, reading what is there`;
  return `${state}, ${bytes(bytesPerSecond)}/s${secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`}`;
}
