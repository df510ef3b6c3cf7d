// What a set of rows is worth: students on it alone and with the seeds, whether its labels are right, and how varied it is.
import { setImmediate } from "node:timers/promises";
import { distinctN } from "../evaluate/distinct-n.js";
import { selfBleu } from "../evaluate/self-bleu.js";
import { tokenize } from "../evaluate/tokenize.js";
import { argmax } from "../numbers/extremes.js";
import type { RoundStudent } from "../rounds/round-student.js";
import type { LabelledText } from "../students/student.js";

/** Shares of the test rows that a student gives their label, 0..1; null where it has nothing to learn from. */
export interface StudentScores {
  /** Trained on the rows. */
  readonly alone: number | null;
  /** Trained on the rows and the examples of the prompts. */
  readonly withSeeds: number | null;
}

/** Figures of a set of rows. */
export interface RowFigures {
  readonly rows: number;
  /** Share of the rows that a student of the test rows gives their label, 0..1; null without rows. */
  readonly fidelity: number | null;
  /** 0..1, low is varied; null of fewer than two rows. */
  readonly selfBleu5: number | null;
  /** 0..1, high is varied; null without a pair of tokens. */
  readonly distinct2: number | null;
  readonly proxy: StudentScores;
  /** Null without an embedder. */
  readonly logistic: StudentScores | null;
  /**
   * By label, the share of its test rows that the student of the primary measure gives it, 0..1; labels without test rows are not
   * there, and none is where there is nothing to learn from.
   */
  readonly byLabel: Readonly<Record<string, number>>;
}

/** The measure by which arms are compared. */
export interface PrimaryMeasure {
  readonly student: "proxy" | "logistic";
  readonly trainedOn: "alone" | "withSeeds";
}

/** Who measures, and with what. */
export interface Measuring {
  readonly labels: readonly string[];
  readonly test: readonly LabelledText[];
  readonly students: { readonly proxy: RoundStudent; readonly logistic: RoundStudent | null };
  readonly primary: PrimaryMeasure;
  readonly signal?: AbortSignal | undefined;
}

/** @param seeds  the examples of the prompts that the rows were made from. */
export async function measure(
  rows: readonly LabelledText[],
  seeds: readonly LabelledText[],
  measuring: Measuring,
): Promise<RowFigures> {
  const { test, students, primary, labels } = measuring;
  const tokens = rows.map(({ text }) => tokenize(text)).filter((text) => text.length > 0);
  let byLabel: RowFigures["byLabel"] = {};
  const scores = async (name: PrimaryMeasure["student"], student: RoundStudent): Promise<StudentScores> => {
    const alone = await taken(student, rows, test, measuring);
    const withSeeds = await taken(student, [...rows, ...seeds], test, measuring);
    if (name === primary.student) byLabel = shares({ alone, withSeeds }[primary.trainedOn], test, labels);
    return { alone: accuracy(alone, test), withSeeds: accuracy(withSeeds, test) };
  };
  return {
    rows: rows.length,
    fidelity: accuracy(await taken(students.logistic ?? students.proxy, test, rows, measuring), rows),
    selfBleu5: selfBleu(tokens, { order: 5 }).score,
    distinct2: distinctN(tokens, 2),
    proxy: await scores("proxy", students.proxy),
    logistic: students.logistic && (await scores("logistic", students.logistic)),
    byLabel,
  };
}

/** Accuracy of students that learnt from the seeds alone: what the rows are to add to. */
export async function seedScores(seeds: readonly LabelledText[], measuring: Measuring) {
  const { test, students } = measuring;
  const of = async (student: RoundStudent) => accuracy(await taken(student, seeds, test, measuring), test);
  return { proxy: await of(students.proxy), logistic: students.logistic && (await of(students.logistic)) };
}

// The label that a student takes each test row for; null where there is nothing to learn from, or to judge. Training holds the thread
// up: in between, signals and timers have their turn.
async function taken(
  student: RoundStudent,
  train: readonly LabelledText[],
  test: readonly LabelledText[],
  { labels, signal }: Measuring,
): Promise<string[] | null> {
  await setImmediate();
  signal?.throwIfAborted();
  if (train.length === 0 || test.length === 0) return null;
  const texts = test.map(({ text }) => text);
  const probabilities = await student.judge(train, texts, 0);
  return probabilities.map((own) => labels[argmax(own)]!);
}

function accuracy(found: readonly string[] | null, test: readonly LabelledText[]): number | null {
  if (found === null) return null;
  return test.filter(({ label }, t) => found[t] === label).length / test.length;
}

function shares(found: readonly string[] | null, test: readonly LabelledText[], labels: readonly string[]) {
  if (found === null) return {};
  const named = labels.flatMap((label): [string, number][] => {
    const own = [...test.keys()].filter((t) => test[t]!.label === label);
    return own.length === 0 ? [] : [[label, own.filter((t) => found[t] === label).length / own.length]];
  });
  return Object.fromEntries(named);
}
