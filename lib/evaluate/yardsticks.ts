// What a set of rows is measured by: students on the seeds alone, on the rows, on both, and on human rows.
import { type Progress, partOf } from "../numbers/progress.js";
import { wilsonInterval } from "../numbers/statistics.js";
import { half, halved, type Study, type StudyRow, testStudents } from "./drawn-students.js";
import { labelsProblem, missing, noGold, type OrMissing } from "./or-missing.js";
import { sampleRows } from "./sample.js";
import { type YardstickFigures, type YardstickSet, type Yardsticks, yardstickSets } from "./student-figures.js";
import type { StudyOf, StudyParts } from "./study-rows.js";

/** Why a set cannot be there. */
export const noSeeds = "no labelled in-context examples were given (--seeds FILE)";
export const noGoldTrain = "no gold to train on was given: human rows beside those of --gold (--gold-train FILE)";

/**
 * @param labels  of all rows.
 * @param stage  the progress of a stage, by its name.
 */
export function yardsticks<Input>(
  { kind, parts }: StudyOf<Input>,
  { labels, seed }: { readonly labels: readonly string[]; readonly seed: number },
  stage: (name: string) => Progress,
): OrMissing<Yardsticks> {
  const { gold, data } = parts;
  if (gold === null) return missing(noGold);
  if (gold.length === 0 || data.length === 0) {
    return missing(`students need rows to learn from and gold rows, and there are ${data.length} and ${gold.length}`);
  }
  const problem = labelsProblem(labels.length);
  if (problem !== undefined) return missing(problem);
  const progress = stage(`students (${kind.name.split(":")[0]})`);
  const studies = studiesOf(parts);
  const names = Object.keys(yardstickSets) as YardstickSet[];
  const found = names.map((name, number): [YardstickSet, OrMissing<YardstickFigures>] => {
    const study = studies[name];
    if ("reason" in study) return [name, missing(study.reason)];
    const part = partOf(progress, number / names.length, (number + 1) / names.length);
    const { confusion: _, ...tested } = testStudents(kind, study, gold, { labels, seed, progress: part });
    return [name, { value: { trainRows: study.trainRows, ...tested } }];
  });
  const sets = Object.fromEntries(found) as Record<YardstickSet, OrMissing<YardstickFigures>>;
  const { accuracy } = sets.synthetic.value!;
  return {
    value: { student: kind.name, testRows: gold.length, rowsInterval: wilsonInterval(accuracy, gold.length), sets },
  };
}

type Studied<Input> = (Study<Input> & { readonly trainRows: number }) | { readonly reason: string };

function studiesOf<Input>({
  data,
  seeds,
  goldTrain,
}: StudyParts<StudyRow<Input>>): Record<YardstickSet, Studied<Input>> {
  const n = data.length;
  const withoutSeeds = seeds === null || seeds.length === 0 ? { reason: noSeeds } : undefined;
  const withoutGold = goldTrain === null || goldTrain.length === 0 ? { reason: noGoldTrain } : undefined;
  return {
    seeds: withoutSeeds ?? { ...halved(seeds!), trainRows: seeds!.length },
    seedsRepeated: withoutSeeds ?? repeatedSeeds(seeds!, n),
    synthetic: { ...halved(data), trainRows: n },
    syntheticAndSeeds: withoutSeeds ?? {
      whole: [...data, ...seeds!],
      draw: (random) => [...half(data, random), ...half(seeds!, random)],
      trainRows: n + seeds!.length,
    },
    goldOfSameSize: withoutGold ?? sameSize(goldTrain!, n),
    allGold: withoutGold ?? { ...halved(goldTrain!), trainRows: goldTrain!.length },
  };
}

function repeatedSeeds<Input>(seeds: readonly StudyRow<Input>[], n: number): Studied<Input> {
  if (seeds.length >= n) return { reason: `there are ${seeds.length} seeds, no fewer than the ${n} rows` };
  // the half of a draw stands there twice as often
  return { whole: repeated(seeds, n), draw: (random) => repeated(half(seeds, random), n), trainRows: n };
}

/** The rows in turn until there are n. */
export function repeated<Row>(rows: readonly Row[], n: number): Row[] {
  return Array.from({ length: n }, (_, r) => rows[r % rows.length]!);
}

// In gold's own proportions, to within a row of each label; no row twice.
function sameSize<Input>(gold: readonly StudyRow<Input>[], n: number): Studied<Input> {
  if (gold.length < n) {
    return { reason: `gold to train on has ${gold.length} rows, and the set has ${n}` };
  }
  const labels = gold.map(({ label }) => label);
  return {
    whole: null,
    draw: (random) => {
      const drawn = sampleRows(labels, n, { mix: labels, seed: random.below(2 ** 32) });
      return drawn.map((r) => gold[r]!);
    },
    trainRows: n,
  };
}
