// Datasets on the command line: a run directory, or a file with columns of any name.
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { show } from "../checks/nearest.js";
import { InvalidConfigError, invalidField } from "../errors.js";
import type { EvaluateOptions, EvaluationRow, NamedLabel, Seed } from "../evaluate/index.js";
import {
  type RunManifest,
  readRun,
  readStudentFile,
  readTable,
  runStatus,
  type TableOptions,
  type TableRow,
} from "../io.js";
import type { RejectedRows } from "../report/index.js";
import { columnAdvice } from "./options.js";
import { readRejectedTexts } from "./rejected-texts.js";
import { grouped } from "./terminal.js";

/** A dataset as it was read. */
export interface Dataset {
  readonly name: string;
  /** Where its report goes without --out; undefined of a file. */
  readonly directory: string | undefined;
  readonly rows: readonly EvaluationRow[];
  /** Labels that the run was to have, and what its prompts called them. */
  readonly labels: readonly NamedLabel[] | undefined;
  readonly seeds: readonly Seed[] | undefined;
  readonly ownStudent: EvaluateOptions["ownStudent"];
  readonly manifest: RunManifest | null;
  /** What readers of its scores must know. */
  readonly notes: readonly string[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Of a run with a label check: `[label][label it was taken for]`, rejected rows included. */
  readonly labelCheck: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /** What a run made and left out, undefined of a file. */
  readonly rejected: RejectedRows | undefined;
}

/**
 * @param path  a run directory, a file of rows, or a Hugging Face folder.
 * @param options.textColumn  of a file, as `labelColumn`.
 * @param options.seeds  file of the in-context examples; default the one that the manifest names, where it is still
 *   there.
 */
export async function readDataset(
  path: string,
  options: {
    readonly textColumn?: string | undefined;
    readonly labelColumn?: string | undefined;
    readonly seeds?: string | undefined;
  },
): Promise<Dataset> {
  const found = await stat(path).catch((cause: Error) => {
    throw invalidField(path, `Expected a run directory or a file (${cause.message})`, {
      cause,
    });
  });
  const isRun = found.isDirectory() && existsSync(join(path, "data.jsonl"));
  const columns: TableOptions = {
    ...{ text: options.textColumn, label: options.labelColumn },
    columnAdvice,
  };
  const table = isRun ? await readRun(path) : { ...(await readTable(path, columns)), manifest: null };
  const { rows, unfinished, manifest } = table;
  const notes = [...table.notes];
  if (unfinished > 0) notes.push("1 line at the end is half written, as a stopped run leaves it, and was left out");
  if (manifest?.state === "running") notes.push("The run has not ended, or was killed");
  if (manifest?.state === "incomplete") notes.push("The run is incomplete: its groups did not suffice for all rows");
  if (manifest?.state === "stopped" || manifest?.state === "failed")
    notes.push(`The run ${manifest.state} before its end`);
  const settings = (manifest?.settings ?? {}) as {
    labels?: (Pick<NamedLabel, "name"> & Partial<NamedLabel>)[];
    seeds?: unknown;
    check?: unknown;
  };
  const { seeds, note } = await readSeedTexts(options.seeds, settings.seeds);
  if (note !== undefined) notes.push(note);
  const name = basename(resolve(path), found.isDirectory() ? "" : extname(path));
  return {
    name,
    directory: isRun ? path : undefined,
    rows: rows.map((row) => evaluationRow(row, path)),
    labels:
      settings.labels?.map(({ name, verbalization = name }) => ({ name, verbalization })) ??
      table.names?.map((name) => ({ name, verbalization: name })),
    seeds,
    ownStudent: isRun ? await readOwnStudent(join(path, "student.json")) : undefined,
    manifest,
    notes,
    facts: factsOf(manifest),
    labelCheck: isRun && settings.check !== undefined ? await readLabelCheck(path) : undefined,
    rejected: isRun ? await readRejectedTexts(path, rows) : undefined,
  };
}

async function readLabelCheck(path: string): Promise<Dataset["labelCheck"]> {
  const { labels } = await runStatus(path);
  return Object.fromEntries(Object.entries(labels).map(([label, { takenFor = {} }]) => [label, takenFor]));
}

function evaluationRow({ text, label, line, fields }: TableRow, path: string): EvaluationRow {
  const { contrastNorms, weight } = fields;
  const isListed = Array.isArray(contrastNorms) && contrastNorms.every((norm) => typeof norm === "number");
  return {
    ...{ text, label },
    ...(isListed ? { contrastNorms: contrastNorms as number[] } : {}),
    ...(isNone(weight) ? {} : { weight: weightOf(weight, `${path}:${line}`) }),
  };
}

const isNone = (value: unknown) => value === undefined || value === null || value === "";

// Of a CSV it is a text.
function weightOf(value: unknown, place: string): number {
  const weight = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof weight === "number" && weight >= 0 && Number.isFinite(weight)) return weight;
  const message = `Expected a number from 0 in "weight", by which students count the row, received ${show(value)}`;
  throw invalidField(place, message);
}

async function readSeedTexts(given: string | undefined, known: unknown) {
  const path = given ?? (typeof known === "string" ? known : undefined);
  if (path === undefined) return {};
  try {
    const { rows } = await readTable(path, { label: null });
    return {
      seeds: rows.map(({ text, fields: { label } }) => (isName(label) ? { text, label: String(label) } : { text })),
    };
  } catch (error) {
    if (given !== undefined || !(error instanceof InvalidConfigError)) throw error;
    return { note: `The in-context examples cannot be read (${error.issues[0]!.message}): name them with --seeds` };
  }
}

const isName = (value: unknown) => ["string", "number", "boolean"].includes(typeof value) && value !== "";

async function readOwnStudent(path: string): Promise<EvaluateOptions["ownStudent"]> {
  const file = await readStudentFile(path);
  if (file === undefined) return undefined;
  const { format: _, goldRows, cartography, ...figures } = file;
  const n = cartography?.confidence.length ?? 0;
  return {
    ...figures,
    testRows: goldRows,
    cartography: cartography === undefined ? null : { student: file.student, n, ...cartography },
  };
}

function factsOf(manifest: RunManifest | null): (readonly [string, string])[] {
  if (manifest === null) return [];
  const { method, sampling } = (manifest.settings ?? {}) as { method?: { name?: string }; sampling?: object };
  const { name, parameters } = manifest.teacher as { name?: string; parameters?: number };
  const facts: [string, unknown][] = [
    ["method", method?.name],
    ["teacher", name === undefined || name === "" ? basename(manifest.teacher.path) : name],
    ["parameters", parameters === undefined ? undefined : grouped(parameters)],
    ["sampling", sampling === undefined ? undefined : JSON.stringify(sampling)],
    ["seed of the run", manifest.seed],
    ["started", manifest.started],
  ];
  return facts.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
}
