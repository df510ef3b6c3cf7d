// Where two runs differ in what decides their rows.

import { join } from "node:path";
import { pathText } from "../checks/issues.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { sum } from "../numbers/sum.js";
import type { RunDescription } from "./manifest.js";
import { archivePrefix } from "./stored-run.js";

// Fields of the settings that may change between two sessions of a run: they decide none of its rows.
const free = ["limits.maxGroups", "filters.keepRejected"];

/**
 * Where two runs differ in what decides their rows: settings, the files these name, the model, the shard, and with
 * `engine.reproducible` the versions. Where the model or those files lie does not matter.
 * @param stored  of a manifest, which may hold anything.
 * @param options.ignored  further settings to leave out, by path.
 * @param options.mayGrow  `count` may be larger, label by label: groups are a sequence, and further ones change none that
 *   is there. Default false.
 */
export function differences(
  stored: Partial<RunDescription>,
  wanted: RunDescription,
  options: { readonly ignored?: readonly string[]; readonly mayGrow?: boolean } = {},
): ConfigIssue[] {
  const { settings } = wanted;
  const inputs = [...new Set([...Object.keys(stored.inputs ?? {}), ...Object.keys(wanted.inputs ?? {})])];
  const ignored = [...free, ...inputs, ...(options.ignored ?? [])];
  const counts = options.mayGrow ? countsOf(stored, wanted) : undefined;
  if (counts !== undefined) ignored.push("count");
  const isReproducible = (settings as { engine?: { reproducible?: boolean } } | null)?.engine?.reproducible === true;
  const found = compare(plain(stored.settings), plain(settings), []).filter(
    ({ path }) =>
      !ignored.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)),
  );
  found.push(...(counts ?? []).flatMap((count, label) => shrunk(count, labelName(settings, label))));
  for (const name of inputs) {
    found.push(...compare(stored.inputs?.[name], wanted.inputs?.[name], name.split("."), "the SHA-256 "));
  }
  found.push(...compare(stored.teacher?.sha256, wanted.teacher.sha256, ["teacher"], "the SHA-256 "));
  found.push(...compare(stored.shard, wanted.shard, ["shard"]));
  if (isReproducible) {
    for (const name of ["corrsynth", "llamaCpp"]) {
      found.push(...compare(stored.versions?.[name], wanted.versions[name], ["versions", name]));
    }
  }
  return found;
}

/**
 * Makes sure that a directory holds the run that is described, or a smaller one of the same kind.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with each difference, and what to do.
 */
export function checkSameRun(directory: string, stored: Partial<RunDescription>, wanted: RunDescription): void {
  const found = differences(stored, wanted, { mayGrow: true });
  if (found.length === 0) return;
  const message =
    `Expected the task, the model and the settings of the run that ${directory} holds, received others: to go on with ` +
    "that run, undo the changes above (more rows may be asked for, of any label); to start another, choose another " +
    `directory, or --fresh, which moves the old files to ${join(directory, `${archivePrefix}DATE`)}`;
  throw new InvalidConfigError([...found, { path: "", message }]);
}

/** Rows that the stored run is out for, where the wanted one is out for more; else undefined. */
export function grownFrom(stored: Partial<RunDescription>, wanted: RunDescription): number | undefined {
  const counts = countsOf(stored, wanted) ?? [];
  return counts.some(([before, now]) => now > before) ? sum(counts.map(([before]) => before)) : undefined;
}

// Rows of each label, in the stored run and in the wanted one; undefined where they are not of the same labels.
function countsOf(stored: Partial<RunDescription>, wanted: RunDescription): [number, number][] | undefined {
  const [before, now] = [stored, wanted].map(({ settings }) => (settings as { count?: unknown } | null)?.count);
  if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return undefined;
  return before.map((count, label) => [Number(count), Number(now[label])]);
}

// A task has one count for all labels, or one by their names: never a list.
function shrunk([before, now]: [number, number], label: string): ConfigIssue[] {
  if (now >= before) return [];
  return [{ path: "count", message: `Expected at least ${before} rows of ${label}, received ${now}` }];
}

function labelName(settings: unknown, label: number): string {
  const { labels } = (settings ?? {}) as { labels?: readonly { readonly name?: unknown }[] };
  return JSON.stringify(labels?.[label]?.name ?? label);
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function compare(stored: unknown, wanted: unknown, path: readonly PropertyKey[], what = ""): ConfigIssue[] {
  if (isTree(stored) && isTree(wanted) && Array.isArray(stored) === Array.isArray(wanted)) {
    const keys = [...new Set([...Object.keys(stored), ...Object.keys(wanted)])];
    const isList = Array.isArray(stored);
    if (!isList || Object.keys(stored).length === Object.keys(wanted).length) {
      return keys.flatMap((key) =>
        compare((stored as Record<string, unknown>)[key], (wanted as Record<string, unknown>)[key], [
          ...path,
          isList ? Number(key) : key,
        ]),
      );
    }
  }
  if (JSON.stringify(stored) === JSON.stringify(wanted)) return [];
  return [{ path: pathText(path), message: `Expected ${what}${brief(stored)}, received ${brief(wanted)}` }];
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
