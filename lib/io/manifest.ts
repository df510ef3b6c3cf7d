// manifest.json: what a run is, what it takes to make it again, and how it ended.
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { pathText } from "../task/issues.js";
import { readTextFile } from "./text-file.js";

/** What a manifest says of a run before it ends. Values must be plain JSON. */
export interface RunDescription {
  /** The task as it was written. */
  readonly task: unknown;
  /** The same with every default filled in. */
  readonly settings: unknown;
  readonly seed: unknown;
  /** SHA-256 of the files that the settings name, by field, e.g. `seeds`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The model: at least its file, and the SHA-256 of that. */
  readonly teacher: { readonly path: string; readonly sha256: string };
  /** Versions of corrsynth, Node and what else decides the outcome. */
  readonly versions: Readonly<Record<string, string>>;
  /** What it ran on. */
  readonly device: unknown;
  /** ISO 8601. */
  readonly started: string;
}

/** How a run stands: "running" is also what a killed run leaves behind, "incomplete" a run whose groups did not suffice. */
export type RunState = "running" | "done" | "incomplete" | "stopped" | "failed";

/** A later session of a run that was stopped or killed. */
export interface Resumption {
  /** ISO 8601. */
  readonly at: string;
  /** Group that it began with. */
  readonly group: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly device: unknown;
}

/** `manifest.json`. */
export interface RunManifest extends RunDescription {
  /** Version of this layout. */
  readonly format: 1;
  readonly state: RunState;
  /** Sessions after the first; absent where there were none. */
  readonly resumed?: readonly Resumption[];
  /** Directories that a dataset was joined from; absent of a run. */
  readonly mergedFrom?: readonly string[];
  /** Instances in data.jsonl; absent while running. */
  readonly instances?: number;
  readonly finished?: string;
  readonly report?: unknown;
  /** Why it is incomplete, stopped or failed. */
  readonly reason?: string;
}

const fileName = "manifest.json";

/**
 * The manifest of a run directory, or null where it has none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is malformed.
 */
export async function readManifest(directory: string): Promise<RunManifest | null> {
  const path = join(directory, fileName);
  if (!existsSync(path)) return null;
  const text = await readTextFile(path);
  try {
    const manifest = JSON.parse(text) as unknown;
    if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return manifest as RunManifest;
  } catch {
    // told below, like any other JSON that is no manifest
  }
  throw new InvalidConfigError([{ path, message: "Expected a JSON object, as a run writes it" }]);
}

/** Under another name first: whoever reads manifest.json finds the old one or the new one, never half of it. */
export async function writeManifest(directory: string, manifest: RunManifest): Promise<void> {
  const temporary = join(directory, `${fileName}.tmp`);
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(directory, fileName));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

// Fields of the settings that may change between two sessions of a run: they decide none of its rows.
const free = ["limits.maxGroups"];

/** Label names and the instances wanted of each, as the settings of a manifest have them; null where it has none. */
export function wantedOf({ settings }: RunManifest): { name: string; wanted: number }[] | null {
  const { labels, count } = (settings ?? {}) as { labels?: unknown; count?: unknown };
  if (!Array.isArray(labels) || !Array.isArray(count) || labels.length !== count.length) return null;
  return labels.map((label: { name?: unknown } | null, i) => ({ name: String(label?.name), wanted: Number(count[i]) }));
}

/**
 * Where two runs differ in what decides their rows: settings, the files these name, the model, and with `engine.reproducible`
 * the versions. Where the model or those files lie does not matter.
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
