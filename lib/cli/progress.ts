// How a run is getting on, on stderr: a bar that redraws itself, plain lines for log files, JSON lines for programs.
import type { Progress } from "../index.js";
import { type ProgressMode, paced } from "./paced.js";
import { clip, duration, grouped, type Output, printable } from "./terminal.js";

export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Shows the last state, however recent the one before. Call it once, also when the run failed. */
  end(): void;
}

const mostLabels = 12; // rows of a bar, so that it fits a small window and can be redrawn in place

/**
 * @param title  what is running, e.g. the name of its method.
 * @param now  milliseconds, monotonic.
 */
export function showProgress(mode: ProgressMode, title: string, output: Output, now: () => number): ProgressDisplay {
  let height = 0; // lines of the bar on the screen
  const { update, flush } = paced<Progress>(mode, output, now, (progress, kind) => {
    if (kind === "json") output.write(`${JSON.stringify({ run: title, ...progress })}\n`);
    else if (kind === "plain") output.write(`${summary(title, progress)}\n`);
    else {
      const lines = bar(title, progress, output.columns - 1);
      const up = height > 0 ? `\x1b[${height}A` : "";
      output.write(up + lines.map((line) => `${line}\x1b[K\n`).join(""));
      height = lines.length;
    }
  });
  return { update, end: flush };
}

function summary(title: string, progress: Progress): string {
  const reading = progress.promptsRead === null ? "" : `reading prompts, ${Math.floor(100 * progress.promptsRead)} %`;
  if (reading !== "" && progress.generatedTokens === 0) return `${title}: ${reading}`;
  const left = progress.secondsLeft === null ? "" : `, ${duration(progress.secondsLeft)} left`;
  const share = Math.floor((100 * progress.accepted) / progress.wanted);
  const count = `${grouped(progress.accepted)}/${grouped(progress.wanted)} rows (${share} %)`;
  const rejected = progress.rejected === 0 ? "" : `, ${grouped(progress.rejected)} rejected`;
  const now = reading === "" ? `${grouped(progress.tokensPerSecond)} tokens/s` : reading;
  return `${title}: ${count}${rejected}, ${now}${left}`;
}

function bar(title: string, progress: Progress, width: number): string[] {
  const labels = Object.entries(progress.labels).map(([name, count]) => ({ name: printable(name), ...count }));
  // Labels that lack most come first where there is no room for all: they decide how long it takes.
  const missing = (label: { wanted: number; accepted: number }) => label.wanted - label.accepted;
  const rows =
    labels.length <= mostLabels ? labels : labels.sort((a, b) => missing(b) - missing(a)).slice(0, mostLabels - 1);
  const names = Math.min(24, Math.max(...rows.map((row) => [...row.name].length)));
  const lines = rows.map(({ name, wanted, accepted }) => {
    const label = clip(name, names);
    return `  ${label}${" ".repeat(names - [...label].length)}  ${blocks(accepted, wanted)}  ${accepted}/${wanted}`;
  });
  if (rows.length < labels.length) lines.push(`  and ${labels.length - rows.length} more labels`);
  return [...lines, summary(title, progress)].map((line) => clip(line, width));
}

/** A bar of 20 characters. */
export function blocks(done: number, all: number): string {
  const cells = 20;
  const full = all === 0 ? cells : Math.floor((cells * Math.min(done, all)) / all);
  return "█".repeat(full) + "░".repeat(cells - full);
}
