// manifest.json: what a run is, what it takes to make it again, and how it ended.
import { join } from "node:path";
import { z } from "zod";
import { parseWith } from "../checks/issues.js";
import { InvalidConfigError, invalidField } from "../errors.js";
import { replaceFile } from "../files/atomic-write.js";
import { parseJson } from "../files/json.js";
import { readTextFile } from "../files/text-file.js";

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
  /** The part of the dataset's groups that it makes; absent of a run that makes them all. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** ISO 8601. */
  readonly started: string;
}

/**
 * How a run stands: "running" is also what a killed run leaves behind, "incomplete" a run whose groups did not suffice.
 */
export type RunState = "running" | "done" | "incomplete" | "stopped" | "failed";

/** How a run ended. */
export interface RunEnd {
  readonly state: Exclude<RunState, "running">;
  readonly report?: unknown;
  readonly reason?: string;
}

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

/** Name of the manifest in its directory. */
export const manifestName = "manifest.json";

// Of what is read again. A file may hold anything, and what is not named here is kept as it is.
const label = z.looseObject({ name: z.string() });
const schema = z.looseObject({
  state: z.enum(["running", "done", "incomplete", "stopped", "failed"]),
  settings: z
    .looseObject({
      labels: z.array(label).optional(),
      count: z.array(z.int().min(0)).optional(),
      method: z.looseObject({ name: z.string().optional() }).optional(),
      sampling: z.looseObject({}).optional(),
    })
    .nullish(),
  seed: z.union([z.string(), z.number()]).nullish(),
  inputs: z.record(z.string(), z.string()).optional(),
  teacher: z.looseObject({
    path: z.string(),
    sha256: z.string(),
    name: z.string().optional(),
    parameters: z.number().optional(),
  }),
  versions: z.record(z.string(), z.string()).optional(),
  started: z.string().optional(),
  shard: z.object({ index: z.int().min(0), count: z.int().min(1) }).optional(),
  mergedFrom: z.array(z.string()).optional(),
  instances: z.int().min(0).optional(),
  reason: z.string().optional(),
});

/**
 * The manifest of a run directory, or null where it has none.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is malformed, with each field that is.
 */
export async function readManifest(directory: string): Promise<RunManifest | null> {
  const path = join(directory, manifestName);
  const text = await readTextFile(path);
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    const message = `Expected a JSON object, as a run writes it (${(cause as Error).message})`;
    throw invalidField(path, message, { cause });
  }
  const parsed = parseWith(schema, value);
  if (!("issues" in parsed)) return value as RunManifest;
  const issues = parsed.issues.map((issue) => ({
    ...issue,
    path: issue.path === "" ? path : `${path}: ${issue.path}`,
  }));
  const message =
    "Expected a run directory's manifest, as a run writes it: restore the file, or choose another directory";
  throw new InvalidConfigError([...issues, { path, message }]);
}

/** @throws Node's own error when it cannot be written; whoever reads it meanwhile finds the old one. */
export async function writeManifest(directory: string, manifest: RunManifest): Promise<void> {
  await replaceFile(join(directory, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * The manifest of a run that begins, or of one that goes on.
 * @param stored  what is there of it.
 * @param group  number of the group that it goes on with.
 */
export function manifestOf(description: RunDescription, stored: RunManifest | undefined, group = 0): RunManifest {
  if (stored === undefined) return { format: 1, state: "running", ...description };
  const { started, versions, device } = stored;
  const resumed = Array.isArray(stored.resumed) ? (stored.resumed as readonly Resumption[]) : [];
  const session = { at: description.started, group, versions: description.versions, device: description.device };
  return {
    format: 1,
    state: "running",
    ...description,
    ...{ started, versions, device },
    resumed: [...resumed, session],
  };
}

/** Label names and the instances wanted of each, as the settings of a manifest have them; null where it has none. */
export function wantedOf({ settings }: RunManifest): { name: string; wanted: number }[] | null {
  const { labels, count } = (settings ?? {}) as { labels?: unknown; count?: unknown };
  if (!Array.isArray(labels) || !Array.isArray(count) || labels.length !== count.length) return null;
  return labels.map((label: { name?: unknown } | null, i) => ({ name: String(label?.name), wanted: Number(count[i]) }));
}
