// Where two runs differ in what decides their rows.

import { pathText } from "../checks/issues.js";
import type { ConfigIssue } from "../errors.js";
import type { RunDescription } from "./manifest.js";

// Fields of the settings that may change between two sessions of a run: they decide none of its rows.
const free = ["limits.maxGroups"];

/**
 * Where two runs differ in what decides their rows: settings, the files these name, the model, the shard, and with
 * `engine.reproducible` the versions. Where the model or those files lie does not matter.
 * @param stored  of a manifest, which may hold anything.
 * @param options.ignored  further settings to leave out, by path.
 */
export function differences(
  stored: Partial<RunDescription>,
  wanted: RunDescription,
  options: { readonly ignored?: readonly string[] } = {},
): ConfigIssue[] {
  const { settings } = wanted;
  const inputs = [...new Set([...Object.keys(stored.inputs ?? {}), ...Object.keys(wanted.inputs ?? {})])];
  const ignored = [...free, ...inputs, ...(options.ignored ?? [])];
  const isReproducible = (settings as { engine?: { reproducible?: boolean } } | null)?.engine?.reproducible === true;
  const found = compare(plain(stored.settings), plain(settings), []).filter(
    ({ path }) =>
      !ignored.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)),
  );
  for (const name of inputs) {
    found.push(...compare(stored.inputs?.[name], wanted.inputs?.[name], [name], "the SHA-256 "));
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
