// A run directory: data.jsonl, one instance a line, and manifest.json, what it takes to make them again.
import { mkdir, open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { InvalidConfigError } from "../errors.js";
import { QuotaError } from "../run/quota-error.js";
import { JsonlWriter } from "./jsonl.js";

/** What a manifest says of a run before it ends. Values must be plain JSON. */
export interface RunDescription {
  /** The task as it was written. */
  readonly task: unknown;
  /** The same with every default filled in. */
  readonly settings: unknown;
  readonly seed: unknown;
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

/** `manifest.json`. */
export interface RunManifest extends RunDescription {
  /** Version of this layout. */
  readonly format: 1;
  readonly state: RunState;
  /** Instances in data.jsonl; absent while running. */
  readonly instances?: number;
  readonly finished?: string;
  readonly report?: unknown;
  /** Why it is incomplete, stopped or failed. */
  readonly reason?: string;
}

/** What {@link saveRun} needs of a run: its instances, group by group, and its report. */
export interface SavableRun<Report> extends AsyncIterable<{ readonly group: number }> {
  readonly finished: Promise<Report>;
}

/**
 * Makes sure that a new run can be written to `path`, without touching anything.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds a run or anything else, or is no directory.
 */
export async function checkRunDirectory(path: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw invalid(path, `Expected a directory to write to (${message})`);
  }
  if (names.includes("data.jsonl") || names.includes("manifest.json")) {
    throw invalid(path, "This directory already holds a run, and runs cannot be resumed yet: choose another directory");
  }
  if (names.length > 0) {
    throw invalid(path, `Expected an empty or a new directory, this one holds ${names.length} files: choose another`);
  }
}

function invalid(path: string, message: string): InvalidConfigError {
  return new InvalidConfigError([{ path, message }]);
}

/** A run directory being written. */
export class RunDirectory {
  readonly path: string;
  readonly #description: RunDescription;
  readonly #data: JsonlWriter;
  #instances = 0;
  #group: number | undefined;

  private constructor(path: string, description: RunDescription, data: JsonlWriter) {
    this.path = path;
    this.#description = description;
    this.#data = data;
  }

  /**
   * Creates the directory, its manifest (state "running") and an empty data.jsonl. Call it when there is something to write:
   * a refused task must leave nothing behind.
   * @throws {InvalidConfigError} as {@link checkRunDirectory}.
   */
  static async create(path: string, description: RunDescription): Promise<RunDirectory> {
    await checkRunDirectory(path);
    await mkdir(path, { recursive: true });
    await writeManifest(path, { format: 1, state: "running", ...description });
    return new RunDirectory(path, description, await JsonlWriter.create(join(path, "data.jsonl")));
  }

  /** Instances written so far. */
  get instances(): number {
    return this.#instances;
  }

  /** Appends one instance; a finished group is flushed to disk when the next one begins. */
  async append(instance: { readonly group: number }): Promise<void> {
    if (this.#group !== undefined && this.#group !== instance.group) await this.#data.sync();
    this.#group = instance.group;
    await this.#data.append(instance);
    this.#instances++;
  }

  /** Flushes and closes data.jsonl and completes the manifest. */
  async close(end: { state: Exclude<RunState, "running">; report?: unknown; reason?: string }): Promise<void> {
    await this.#data.close();
    const finished = new Date().toISOString();
    await writeManifest(this.path, { format: 1, ...this.#description, ...end, instances: this.#instances, finished });
  }
}

// Under another name first: whoever reads manifest.json finds the old one or the new one, never half of it.
async function writeManifest(directory: string, manifest: RunManifest): Promise<void> {
  const temporary = join(directory, "manifest.json.tmp");
  const file = await open(temporary, "w");
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(directory, "manifest.json"));
}

/**
 * Writes a run to a new directory as its instances come, and returns its report. The directory is created with the first
 * instance, or at the end of a run that has none: a run that is refused leaves nothing behind. When the run stops or fails
 * later, what was written stays, the manifest says why, and the error is thrown on. A {@link QuotaError} is the end of a run,
 * not a refusal: its report goes into the manifest as that of any other, under state "incomplete".
 * @param describe  called once, when the directory is created.
 * @param options.signal  the run's own signal: an error after it has fired means "stopped", any other "failed".
 * @throws {InvalidConfigError} as {@link checkRunDirectory}; and whatever the run throws.
 */
export async function saveRun<Report>(
  path: string,
  run: SavableRun<Report>,
  describe: () => RunDescription | Promise<RunDescription>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Report> {
  run.finished.catch(() => undefined); // iterating tells the same error first, and nobody would wait for this one
  let directory: RunDirectory | undefined;
  try {
    for await (const instance of run) {
      directory ??= await RunDirectory.create(path, await describe());
      await directory.append(instance);
    }
    const report = await run.finished;
    directory ??= await RunDirectory.create(path, await describe());
    await directory.close({ state: "done", report });
    return report;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof QuotaError) {
      directory ??= await RunDirectory.create(path, await describe());
      await directory.close({ state: "incomplete", report: error.report, reason });
    } else {
      const state = options.signal?.aborted ? "stopped" : "failed";
      await directory?.close({ state, reason }).catch(() => undefined); // the first error is the one to tell
    }
    throw error;
  }
}
