// What a command does while it says nothing else: one line that counts the seconds on a terminal, a line each elsewhere.
import type { ProgressMode } from "./paced.js";
import { clip, duration, type Output } from "./terminal.js";

export interface Waiting {
  /** What is done from now on, such as "loading the model". */
  stage(what: string): void;
  /** Leaves the line free for what follows. */
  end(): void;
}

/**
 * @param now  milliseconds, monotonic.
 */
export function showWaiting(mode: ProgressMode, title: string, output: Output, now: () => number): Waiting {
  const kind = mode === "auto" ? (output.isTty ? "bar" : "plain") : mode;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    if (timer !== undefined) output.write("\r\x1b[K");
    clearInterval(timer);
    timer = undefined;
  };
  return {
    stage(what) {
      end();
      if (kind === "plain") output.write(`${title}: ${what} …\n`);
      if (kind === "json") output.write(`${JSON.stringify({ [title]: what })}\n`);
      if (kind !== "bar") return;
      const begun = now();
      const draw = () => {
        const text = `${title}: ${what} … ${duration((now() - begun) / 1000)}`;
        output.write(`\r${clip(text, output.columns - 1)}\x1b[K`);
      };
      draw();
      timer = setInterval(draw, 1000).unref();
    },
    end,
  };
}
