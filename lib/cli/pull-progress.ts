// How a download is getting on, on stderr, in the same modes as a run.
import type { PullProgress } from "../index.js";
import { type ProgressMode, paced } from "./paced.js";
import { blocks } from "./progress.js";
import { bytes, clip, duration, type Output, printable } from "./terminal.js";

export interface PullDisplay {
  update(progress: PullProgress): void;
  /** Shows the last state and leaves the line free for what follows. */
  end(): void;
}

/**
 * @param title  what is fetched.
 * @param now  milliseconds, monotonic.
 */
export function showPull(mode: ProgressMode, title: string, output: Output, now: () => number): PullDisplay {
  let isOpen = false; // a bar stands on the line
  const { update, flush } = paced<PullProgress>(mode, output, now, (progress, kind) => {
    if (kind === "json") output.write(`${JSON.stringify({ pull: title, ...progress })}\n`);
    else if (kind === "plain") output.write(`${summary(progress)}\n`);
    else {
      const bar = blocks(progress.received, progress.total);
      output.write(`\r${clip(`${bar}  ${summary(progress)}`, output.columns - 1)}\x1b[K`);
      isOpen = true;
    }
  });
  return {
    update,
    end: () => {
      flush();
      if (isOpen) output.write("\n");
      isOpen = false;
    },
  };
}

function summary({ stage, file, received, total, bytesPerSecond, secondsLeft }: PullProgress): string {
  const name = printable(file.slice(file.lastIndexOf("/") + 1));
  const share = total === 0 ? 100 : Math.floor((100 * received) / total);
  const state = `${name}: ${bytes(received)} of ${bytes(total)} (${share} %)`;
  if (stage === "wait") return `${state}, another process fetches it`;
  if (stage === "verify") return `${state}, reading what is there`;
  return `${state}, ${bytes(bytesPerSecond)}/s${secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`}`;
}
