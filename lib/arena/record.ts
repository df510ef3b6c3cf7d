/** arena.json: all figures of an arena, and what it was of. Written at once, and read by nobody but people and their programs. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { invalidField } from "../errors.js";
import { replaceFile } from "../files/atomic-write.js";
import { contents } from "../store/stored-run.js";
import type { Arm } from "./arm.js";
import { begunName } from "./begun.js";
import type { PrimaryMeasure } from "./measure.js";
import type { ArenaSettings } from "./options.js";
import type { FailedArm } from "./runs.js";
import type { ArmLine, EqualBy, RunFigures } from "./tables.js";

/** Accuracy of students of the prompts' examples alone, of one seed. */
export interface SeedsAlone {
  readonly seed: number;
  readonly proxy: number | null;
  /** Null without an embedder. */
  readonly logistic: number | null;
}

/** What the students were tested on. */
export interface TestSet {
  /** Human rows that were given, or half of the seeds. */
  readonly from: "gold" | "seeds held out";
  readonly rows: number;
  /** Seeds that were held out and not tested on, since one of the others is too like them. */
  readonly alike: number;
}

/** The arm that won: at equal tokens its mean is highest among those that beat the first by more than chance. */
export interface Winner {
  readonly arm: string;
  /** What it changes of the task. */
  readonly fields: Arm["fields"];
  /** Its rounds; absent of one run. */
  readonly rounds?: Arm["rounds"];
}

/** All that an arena came to: the content of `arena.json`. */
export interface ArenaRecord {
  /** Version of this layout. */
  readonly format: 1;
  /** "stopped" where its hours were over before all runs were done. */
  readonly state: "running" | "stopped" | "done";
  readonly settings: ArenaSettings;
  /** The first is the one to beat. */
  readonly arms: readonly Arm[];
  /** Arms of the set that the task cannot have. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Arms that could not be run. */
  readonly failed: readonly FailedArm[];
  readonly labels: readonly string[];
  readonly test: TestSet;
  /** Name of the embedder; null of an arena without a logistic student. */
  readonly embedder: string | null;
  readonly primary: PrimaryMeasure;
  readonly seedsAlone: readonly SeedsAlone[];
  /** Tokens of the cheapest whole run, by seed; null where there is none. */
  readonly budgets: readonly (number | null)[];
  readonly runs: readonly RunFigures[];
  readonly tables: Readonly<Record<EqualBy, readonly ArmLine[]>>;
  /** Null where nothing beats the first by more than chance, and of a look. */
  readonly winner: Winner | null;
  /** What is to be said of it, in sentences. */
  readonly words: readonly string[];
}

/** Rows of each arm that the page shows. */
export const samplesPerArm = 10;

/** Name of the file in its directory. */
export const recordName = "arena.json";

/** @throws Node's own error when it cannot be written; whoever reads it meanwhile finds the old one. */
export async function writeRecord(directory: string, record: ArenaRecord): Promise<void> {
  await replaceFile(join(directory, recordName), `${JSON.stringify(record, null, 1)}\n`);
}

/**
 * Makes sure that a directory is empty, or one of an arena.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it holds something else.
 */
export async function checkDirectory(directory: string): Promise<void> {
  const others = (await contents(directory)).filter((name) => !name.endsWith(".tmp"));
  if (others.length === 0 || others.includes(recordName)) return;
  const isBegun = others.every((name) => ["arms", "seeds", begunName].includes(name));
  const folder = others.find((name) => name !== begunName);
  if (isBegun && (folder === undefined || (await readdir(join(directory, folder)).catch(() => null)) !== null)) return;
  throw invalidField(
    directory,
    `Expected an empty or a new directory, or one of an arena, this one holds ${others.length} files without ${recordName}: choose another`,
  );
}
