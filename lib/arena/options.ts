// What an arena is asked for, and all that can be wrong with it before a model is loaded.
import { show } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { Progress } from "../run/report.js";
import type { SeedSource } from "../task/seed-source.js";
import type { ResolvedSpec } from "../task/spec.js";
import type { VectorCache } from "../vector-cache/cache.js";
import type { ArmInput } from "./arm.js";
import type { ArmSet } from "./shipped.js";

/** What both {@link arena} and {@link tune} may be told. */
export interface TuneOptions {
  /** Rows of each run, an integer from 1, shared among the labels as `count` of the task has it; default 400, of `tune` 200. */
  readonly rows?: number | undefined;
  /** Seeds: each arm is run so often, an integer from 1, default 5. Fewer are a look, not a result. */
  readonly seeds?: number | undefined;
  /** Examples of a label that a seed draws for its prompts, an integer from 1, default 50; of fewer there are, all. */
  readonly perLabel?: number | undefined;
  /** Model on whose vectors a logistic student learns, as for `loadEmbedder`; default none: a student of words alone. */
  readonly embedder?: string | undefined;
  /** Where its vectors are looked for and kept, so that the same call embeds only what is new; default none. */
  readonly cache?: VectorCache | undefined;
  /** After so many hours no group is begun, and what there is is reported; above 0. Default no limit, of `tune` 0.5. */
  readonly hours?: number | undefined;
  /** Stops at once; the same call then goes on behind the last group that was finished. */
  readonly signal?: AbortSignal | undefined;
  /** Called before a run is made or gone on with. */
  readonly onRun?: ((run: ArenaRun) => void) | undefined;
  /** As that of `synthesizeTo`. */
  readonly onProgress?: ((progress: Progress, run: ArenaRun) => void) | undefined;
  /** As that of `synthesizeTo`. */
  readonly onWait?: ((reason: string) => void) | undefined;
  /**
   * The task as a task file has it, with its `teacher` and with paths that are right from everywhere, for DIR/task.yaml; plain JSON,
   * default the task.
   */
  readonly written?: object | undefined;
}

/** What {@link arena} may be told. */
export interface ArenaOptions extends TuneOptions {
  /** Name of a set, or arms; default "quick". FewGen is always among them: the others are compared with it. */
  readonly arms?: ArmSet | readonly ArmInput[] | undefined;
  /** Human rows to test on, path or items as `seeds`; default half of the seeds, held out. */
  readonly gold?: SeedSource | undefined;
  /** In place of `rows`: tokens of each run, decoded and of prompts, an integer from 1. */
  readonly tokens?: number | undefined;
}

/** One of the runs. */
export interface ArenaRun {
  readonly arm: string;
  readonly seed: number;
  /** Its place among all runs, from 1, and how many these are. */
  readonly number: number;
  readonly of: number;
}

/** The options with their defaults. */
export interface ArenaSettings {
  readonly rows: number;
  /** Null where rows are counted. */
  readonly tokens: number | null;
  readonly seeds: number;
  readonly perLabel: number;
  readonly hours: number | null;
}

/**
 * The options with their defaults.
 * @param takesGold  whether there is an option for it.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every option that is wrong, or that the task rules out.
 */
export function arenaSettings(options: ArenaOptions, { labels, seeds }: ResolvedSpec, takesGold = true): ArenaSettings {
  const { rows = 400, tokens, seeds: n = 5, perLabel = 50, hours, gold } = options;
  const issues: ConfigIssue[] = [];
  const add = (path: string, message: string) => issues.push({ path, message });
  for (const [path, value] of Object.entries({ rows, seeds: n, perLabel, tokens: tokens ?? 1 })) {
    if (!Number.isSafeInteger(value) || value < 1) add(path, `Expected an integer from 1, received ${show(value)}`);
  }
  if (Number.isSafeInteger(rows) && rows < labels.length) {
    add("rows", `Expected at least a row for each of ${labels.length} labels, received ${rows}`);
  }
  if (options.rows !== undefined && tokens !== undefined)
    add("tokens", "Expected either rows or tokens, received both");
  if (hours !== undefined && !(hours > 0 && hours < 1e6)) add("hours", `Expected more than 0, received ${show(hours)}`);
  if (labels.length < 2)
    add("labels", `Expected at least 2 labels, which students tell apart, received ${labels.length}`);
  if (!takesGold && seeds === undefined) {
    add("seeds", "Expected seeds, half of which are held out to test on, received a task without");
  } else if (gold === undefined && seeds === undefined) {
    add(
      "gold",
      "Expected human rows to test on, or a task with seeds, half of which are held out for it, received neither",
    );
  }
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return { rows, tokens: tokens ?? null, seeds: n, perLabel, hours: hours ?? null };
}
