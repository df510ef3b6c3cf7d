// An arena or a tuning as text: how far its arms are, and the command that goes on or uses what came of it.
import type { ArenaStatus } from "../arena/index.js";
import { facts, grouped, printable, table } from "./terminal.js";

/** What was found of a directory of an arena. */
export interface FoundArena extends ArenaStatus {
  readonly path: string;
}

/** Of an arena what `status` shows of a run. */
export function arenaText(found: FoundArena): string {
  const { path, kind, state, seeds, arms, runs } = found;
  const lines: [string, string][] = [
    [kind === "tune" ? "tuning" : "arena", path],
    ["state", state],
    ["runs", `${grouped(runs.done)} of ${grouped(runs.of)} done`],
    ["next", next(found)],
  ];
  const cells = arms.map(({ arm, done, begun, rows }) => {
    const isRun = begun > done ? `${grouped(done)}, 1 begun` : grouped(done);
    return [arm, isRun, grouped(seeds), grouped(rows)].map((cell) => printable(cell));
  });
  const shown = lines.map(([name, value]) => [name, printable(value)] as const);
  return `${facts(shown)}${table(["arm", "seeds done", "of", "rows"], cells)}`;
}

function next({ path, kind, state, settings, hasReport }: FoundArena): string {
  if (state === "running") return "wait: a process is at it";
  if (state === "done") {
    return `figures in ${path}/arena.md and report.html; corrsynth run ${path}/task.yaml --out DIR makes rows with what came of it`;
  }
  const { rows, tokens, seeds, perLabel, hours } = settings;
  const options = [
    tokens === null ? `--rows ${rows}` : `--tokens ${tokens}`,
    `--seeds ${seeds}`,
    `--per-label ${perLabel}`,
    ...(hours === null ? [] : [`--hours ${hours}`]),
  ];
  const figures = hasReport ? `; figures so far in ${path}/arena.md` : "";
  return `the same command goes on: corrsynth ${kind} TASK --out ${path} ${options.join(" ")}, and what else it had${figures}`;
}
