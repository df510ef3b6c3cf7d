// How an evaluation is getting on, on stderr, in the same modes as a run.
import type { EvaluationProgress } from "../evaluate/index.js";
import { type ProgressMode, paced } from "./paced.js";
import { clip, type Output, printable } from "./terminal.js";

export interface StageDisplay {
  update(progress: EvaluationProgress): void;
  /** The same display for what has another title: one line on a terminal, and elsewhere no more lines than of one alone. */
  of(title: string): StageDisplay;
  /** Leaves the line free for what follows. */
  end(): void;
}

/**
 * Plain lines say how far a stage is; that one has begun they say only where nothing else comes for a while.
 * @param title  what is evaluated.
 * @param now  milliseconds, monotonic.
 */
export function showStages(mode: ProgressMode, title: string, output: Output, now: () => number): StageDisplay {
  let isOpen = false; // a bar stands on the line
  const { update, stop } = paced<EvaluationProgress & { readonly title: string }>(
    mode,
    output,
    now,
    ({ title, stage, share }, kind) => {
      const text = `${printable(title)}: ${printable(stage)} (${Math.floor(100 * share)} %)`;
      if (kind === "json") output.write(`${JSON.stringify({ evaluation: title, stage, share })}\n`);
      else if (kind === "plain") output.write(`${text}\n`);
      else {
        output.write(`\r${clip(text, output.columns - 1)}\x1b[K`);
        isOpen = true;
      }
    },
    ({ share }, kind) => kind !== "plain" || share > 0,
  );
  const end = () => {
    stop();
    if (isOpen) output.write("\r\x1b[K");
    isOpen = false;
  };
  const titled = (title: string): StageDisplay => ({
    update: (progress) => update({ ...progress, title }),
    ...{ of: titled, end },
  });
  return titled(title);
}
