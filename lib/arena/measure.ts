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
}

/** Who measures, and with what. */
export interface Measuring {
  readonly labels: readonly string[];
  readonly test: readonly LabelledText[];
  readonly students: { readonly proxy: RoundStudent; readonly logistic: RoundStudent | null };
  readonly signal?: AbortSignal | undefined;
}

/** @param seeds  the examples of the prompts that the rows were made from. */
export async function measure(
  rows: readonly LabelledText[],
  seeds: readonly LabelledText[],
  measuring: Measuring,
): Promise<RowFigures> {
  const { test, students } = measuring;
  const tokens = rows.map(({ text }) => tokenize(text)).filter((text) => text.length > 0);
  const scores = async (student: RoundStudent): Promise<StudentScores> => ({
    alone: await accuracy(student, rows, test, measuring),
    withSeeds: await accuracy(student, [...rows, ...seeds], test, measuring),
  });
  return {
    rows: rows.length,
    fidelity: await accuracy(students.logistic ?? students.proxy, test, rows, measuring),
    selfBleu5: selfBleu(tokens, { order: 5 }).score,
    distinct2: distinctN(tokens, 2),
    proxy: await scores(students.proxy),
    logistic: students.logistic && (await scores(students.logistic)),
  };
}

/** Accuracy of students that learnt from the seeds alone: what the rows are to add to. */
export async function seedScores(seeds: readonly LabelledText[], measuring: Measuring) {
  const { test, students } = measuring;
  return {
    proxy: await accuracy(students.proxy, seeds, test, measuring),
    logistic: students.logistic && (await accuracy(students.logistic, seeds, test, measuring)),
  };
}

// Training holds the thread up: in between, signals and timers have their turn.
async function accuracy(
  student: RoundStudent,
  train: readonly LabelledText[],
  test: readonly LabelledText[],
  { labels, signal }: Measuring,
): Promise<number | null> {
  await setImmediate();
  signal?.throwIfAborted();
  if (train.length === 0 || test.length === 0) return null;
  const texts = test.map(({ text }) => text);
  const probabilities = await student.judge(train, texts, 0);
  const right = test.filter(({ label }, t) => labels[argmax(probabilities[t]!)] === label);
  return right.length / test.length;
}
