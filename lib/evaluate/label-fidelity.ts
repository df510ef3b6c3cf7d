// Whether rows are what their labels say: the share of them that a student of human rows gives the same label.
import type { Progress } from "../numbers/progress.js";
import { wilsonInterval } from "../numbers/statistics.js";
import { crossFittedAccuracy, halved, type StudyRow, testStudents } from "./drawn-students.js";
import { leastGoldPerLabel } from "./least-rows.js";
import { labelsProblem, missing, type OrMissing } from "./or-missing.js";
import type { LabelFidelity } from "./student-figures.js";
import type { StudyOf } from "./study-rows.js";

const nobody = "no human rows were given to judge by (--gold-train, --gold or --seeds FILE)";

/**
 * The judge learns from gold to train on, without that from gold, without either from the seeds: the first that has ten
 * rows a label.
 */
export function labelFidelity<Input>(
  { kind, parts }: StudyOf<Input>,
  { labels, seed }: { readonly labels: readonly string[]; readonly seed: number },
  stage: (name: string) => Progress,
): OrMissing<LabelFidelity> {
  const { data, seeds, goldTrain, gold } = parts;
  const candidates = [
    ["gold to train on", goldTrain],
    ["gold", gold],
    ["seeds", seeds],
  ] as const;
  const given = candidates.filter((candidate): candidate is [(typeof candidate)[0], readonly StudyRow<Input>[]] => {
    return candidate[1] !== null && candidate[1].length > 0;
  });
  const chosen = given.find(([, rows]) => rows.length >= leastOf(rows));
  if (data.length === 0) return missing("there are no rows");
  if (chosen === undefined) {
    const [name, rows] = given[0] ?? [];
    return missing(rows === undefined ? nobody : tooFew(name!, rows));
  }
  const [judge, rows] = chosen;
  const problem = labelsProblem(labels.length);
  if (problem !== undefined) return missing(problem);
  const progress = stage("label fidelity");
  const tested = testStudents(kind, halved(rows), data, { labels, seed, progress });
  const { accuracy, interval, perDraw, confusion } = tested;
  const seen = new Set(rows.map(({ label }) => label));
  return {
    value: {
      ...{ student: kind.name, judge, judgeAccuracy: crossFittedAccuracy(kind, rows, { labels, seed }) },
      ...{ trainRows: rows.length, testRows: data.length, accuracy, interval },
      ...{ rowsInterval: wilsonInterval(accuracy, data.length), perRun: perDraw },
      ...{ labels, unseenLabels: labels.filter((label) => !seen.has(label)), confusion },
    },
  };
}

// A student of a handful of rows is wrong of thousands of others, and sure of it.
function leastOf(rows: readonly StudyRow<unknown>[]): number {
  return leastGoldPerLabel * new Set(rows.map(({ label }) => label)).size;
}

function tooFew(name: string, rows: readonly StudyRow<unknown>[]): string {
  return `it takes ${leastOf(rows)} rows to judge the labels of others, ${leastGoldPerLabel} for each label, and ${name} has ${rows.length}`;
}
