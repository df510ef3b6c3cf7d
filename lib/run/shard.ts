/** One machine of many: makes the groups of a shard, for a dataset that is put together afterwards. */

import { show } from "../checks/nearest.js";
import type { Teacher } from "../engine/teacher.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { comparesRows } from "../filters/repeats.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import { type ResolvedSpec, resolveSpec } from "../task/spec.js";
import { checkCheckpoint } from "./checkpoint.js";
import type { RunOptions } from "./options.js";
import { type Run, type RunParts, startRun } from "./run.js";
import { groupsBelow, type Shard, ShardGoal } from "./shard-goal.js";

/** Which part of the dataset to make, and how much of it. */
export interface ShardOptions extends Shard {
  /**
   * Groups of the whole dataset, over all shards: integer ≥ 1. Default as many as the shard's own rows suggest,
   * `limits.maxGroups` at most: those that are needed when no row is rejected, a few percent more than likely when some
   * are.
   */
  readonly groups?: number | undefined;
}

/**
 * Makes the groups index, index + count, index + 2·count, … of a dataset and yields every row of them that the filters
 * let pass, those that compare rows with each other excepted: `mergeRuns` of corrsynth/io applies these, and fills the
 * quotas, when all shards are there. With `engine.reproducible` what it makes of them is, row for row, what
 * {@link synthesize} yields.
 *
 * @param spec The task of the whole dataset, as for {@link synthesize}; its `count` too is that of the whole.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG at once, with every wrong field; also for `filters.accept`
 *   and `acceptGroup`, which are functions and not there where the shards come together, and for {taboo}.
 * @example
 * const run = synthesizeShard(teacher, spec, { index: 0, count: 4 });
 * for await (const { id, text } of run) console.log(id, text); // "0.0", …, "4.0", …
 */
export function synthesizeShard<Labels extends LabelsInput>(
  teacher: Teacher,
  spec: TaskOf<Labels> | ResolvedSpec,
  shard: ShardOptions,
  options: RunOptions = {},
): Run<LabelNames<Labels>> {
  const resolved = resolveSpec(spec);
  const issues = [...shardIssues(shard), ...portableIssues(resolved)];
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const { resume } = options;
  const unlimited = resolved.count.map(() => Number.POSITIVE_INFINITY);
  if (resume !== undefined) checkCheckpoint(resume, unlimited, comparesRows(resolved.filters));
  const { groups } = shard;
  const parts: RunParts = {
    groups: ({ groupsNeeded }) => groupsBelow(shard, groups ?? groupsNeeded),
    isPart: true,
    goal: ({ repeat }) => ShardGoal.create(resolved, { shard, repeat, groups, resume }),
  };
  return startRun(teacher, resolved, parts, options) as Run<LabelNames<Labels>>;
}

function shardIssues({ index, count, groups }: ShardOptions): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const check = (path: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER) => {
    if (Number.isSafeInteger(value) && value >= least && value <= most) return;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `of ${least}..${most}`;
    issues.push({ path: `shard.${path}`, message: `Expected an integer ${range}, received ${show(value)}` });
  };
  check("count", count, 1);
  if (issues.length === 0) check("index", index, 0, count - 1);
  if (groups !== undefined) check("groups", groups, 1);
  return issues;
}

/** What of a task cannot be had on another machine. */
export function portableIssues(spec: ResolvedSpec): ConfigIssue[] {
  const { filters } = spec;
  const message =
    "Expected no function, since rows are accepted where the groups of all machines come together: use " +
    "filters.reject and filters.require, or filter the dataset afterwards";
  const functions = (["accept", "acceptGroup"] as const).filter((name) => filters[name] !== undefined);
  const issues = functions.map((name) => ({ path: `filters.${name}`, message }));
  if (!usesPlaceholder(spec, "taboo")) return issues;
  const taboo =
    "Expected no {taboo}, since its words come from the rows accepted before, which no single machine knows here: make " +
    "the dataset in one run, or leave the placeholder out";
  return [...issues, { path: "prompt", message: taboo }];
}
