// All metrics of one dataset in one go: what `corrsynth evaluate` and the report show.
import { invalidField } from "../errors.js";
import type { LabelledText } from "../students/student.js";
import { contrastCurve } from "./contrast-curve.js";
import type { Embedder } from "./embedder.js";
import type { CartographyFigures, Evaluation } from "./evaluation.js";
import { type Accepted, accept, checkGoldLabels, namedLabels, type Seed, withLabelNames } from "./evaluation-input.js";
import type { NamedLabel } from "./label-words.js";
import { missing } from "./or-missing.js";
import { readRows } from "./read-rows.js";
import type { ReadingOptions } from "./read-texts.js";
import { type EntityRecogniser, unreadable } from "./recognisers.js";
import { runInWorker } from "./run-in-worker.js";
import { largestSample, sampleRows } from "./sample.js";
import type { StudentFigures } from "./student-figures.js";
import { studyRows } from "./study-choice.js";
import { hasOtherLetters, otherWordRule, type Tokenizer, tokenizerName } from "./tokenize.js";

/** A generated row. */
export interface EvaluationRow extends LabelledText {
  /** How many rows it counts for when students learn, a number from 0; default 1. */
  readonly weight?: number | undefined;
  /** From a run with `sampling.contrastNorms`: the norm of the contrast at each token, from 0. */
  readonly contrastNorms?: readonly number[] | undefined;
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** What is being done, e.g. "MAUVE". */
  readonly stage: string;
  /** Share of the stage that is done, 0..1. */
  readonly share: number;
}

/** What an evaluation takes besides the rows. */
export interface EvaluateOptions {
  /** Human rows that took no part in the synthesis; without, the figures that need them are missing. */
  readonly gold?: readonly LabelledText[] | undefined;
  /**
   * Human rows beside those of `gold`, to train students on: what the rows are measured by, and who judges their labels.
   * Those whose text is one of gold's are left out; of more than 5,000 so many are drawn.
   */
  readonly goldTrain?: readonly LabelledText[] | undefined;
  /**
   * All labels that the dataset was to have, perhaps with what prompts call them; default those of its rows, by their
   * names.
   */
  readonly labels?: readonly (string | NamedLabel)[] | undefined;
  /** Leaves out rows of `gold` and `goldTrain` of other labels, and counts them, instead of refusing them; default false. */
  readonly skipUnknownLabels?: boolean | undefined;
  /** The in-context examples, to look for copies of them. */
  readonly seeds?: readonly Seed[] | undefined;
  /** For MAUVE, the heat map, the 2-D map and logistic students, which are missing without. */
  readonly embedder?: Embedder | undefined;
  /** For the heat map and the 2-D map alone; default `embedder`. */
  readonly mapEmbedder?: Embedder | undefined;
  /**
   * Whether students read the embedder's vectors, for which seeds and gold are embedded, too; default true where there
   * is an embedder.
   */
  readonly embedStudents?: boolean | undefined;
  /** For entity entropy, which is missing without. */
  readonly recogniser?: EntityRecogniser | undefined;
  /** Default wink-nlp, which reads on the thread that computes; one that is given reads on the thread that called. */
  readonly tokenizer?: Tokenizer | undefined;
  /** What a student that was trained elsewhere came to. */
  readonly ownStudent?: (StudentFigures & { readonly cartography: CartographyFigures | null }) | undefined;
  /** Rows of the dataset and of gold that are compared, at most {@link comparableRows}; default that. */
  readonly sampleSize?: number | undefined;
  /** Draws these rows in the proportions of gold's labels; default false. */
  readonly matchLabels?: boolean | undefined;
  /** Most rows on the 2-D map, an integer from 0; default 4000. Its time grows with their square. */
  readonly mapRows?: number | undefined;
  /** Of all that is drawn, an integer 0..2^53 − 1; default 0. */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called as stages begin and get on. */
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}

/**
 * The largest `sampleSize` for all these datasets: one that they and gold, where it is given, have enough rows for.
 * Scores of different datasets compare when each was evaluated with the same one. Blank rows do not count.
 * @example
 * import { comparableRows } from "corrsynth/evaluate";
 * const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ text: `text ${i}`, label: "a" }));
 * console.log(comparableRows([rows(300), rows(200)], rows(250))); // 200
 */
export function comparableRows(
  datasets: readonly (readonly LabelledText[])[],
  gold?: readonly LabelledText[],
  options: { readonly matchLabels?: boolean | undefined } = {},
): number {
  const labelsOf = (rows: readonly LabelledText[]) => accept(rows).rows.map(({ label }) => label);
  const mix = options.matchLabels && gold !== undefined ? labelsOf(gold) : undefined;
  const sets = gold === undefined ? datasets : [...datasets, gold];
  return Math.min(...sets.map((rows) => largestSample(labelsOf(rows), mix)));
}

/**
 * Runs every metric on a dataset. What cannot be computed is null with its reason. The same for the same rows, options
 * and seed.
 *
 * What is given as a function (tokeniser, recogniser, embedder) is asked on the thread that called, text by text, with
 * room for all else in between; everything after that is computed on a thread of its own, which an abort ends at once.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for gold rows of unknown labels (`skipUnknownLabels` counts
 * them instead), a `sampleSize` or `seed` out of range, `matchLabels` without gold.
 * @throws the reason of `signal` once it is aborted, and whatever the embedder, the recogniser or `onProgress` throws.
 * @example
 * import { evaluate } from "corrsynth/evaluate";
 * const rows = ["red apple", "green leaf"].map((text, i) => ({ text, label: String(i) }));
 * console.log((await evaluate(rows)).diversity.n); // 2
 */
export async function evaluate(rows: readonly EvaluationRow[], options: EvaluateOptions = {}): Promise<Evaluation> {
  const {
    seed = 0,
    matchLabels = false,
    mapRows = 4000,
    signal,
    onProgress,
    embedder,
    mapEmbedder,
    recogniser,
  } = options;
  const data = accept(withLabelNames(rows));
  const given = options.gold && withLabelNames(options.gold);
  const labels = namedLabels(options.labels ?? [], Object.keys(data.counts.labels));
  const known = new Set(labels.map(({ name }) => name));
  if (matchLabels && options.gold === undefined) {
    throw invalidField("matchLabels", "Expected gold rows, whose labels it takes over");
  }
  const trainGiven = options.goldTrain && withLabelNames(options.goldTrain);
  if (options.skipUnknownLabels !== true) {
    if (given !== undefined) checkGoldLabels(given, known);
    if (trainGiven !== undefined) checkGoldLabels(trainGiven, known, "goldTrain");
  }
  const gold = given === undefined ? null : accept(given, known);
  const n = options.sampleSize ?? comparableRows([data.rows], gold?.rows, { matchLabels });
  const mix = matchLabels ? gold?.rows.map(({ label }) => label) : undefined;
  const sampled = ({ rows }: Accepted<LabelledText>) => {
    const labels = rows.map(({ label }) => label);
    return sampleRows(labels, n, { mix, seed });
  };
  const stage = (name: string): ReadingOptions => ({
    signal,
    onProgress: (share) => onProgress?.({ stage: name, share }),
  });
  const cannotRead = recogniser && unreadable(recogniser, data.rows);
  const readers = {
    ...options,
    embedder: data.rows.length === 0 ? undefined : embedder,
    mapEmbedder: data.rows.length === 0 ? undefined : mapEmbedder,
    recogniser: cannotRead === undefined ? recogniser : undefined,
  };
  const [sample, goldSample] = [sampled(data), gold && sampled(gold)];
  const all = [...data.rows.keys()];
  const own = await readRows({ rows: data.rows, sampled: sample, recognised: all, embedded: all }, readers, stage);
  const { embedStudents = true } = options;
  const studentEmbedder = embedStudents ? (readers.embedder?.name ?? null) : null;
  const study = studyRows(
    { rows: data.rows, gold: gold?.rows, goldTrain: trainGiven, seeds: options.seeds },
    known,
    seed,
  );
  const tests = studentEmbedder === null ? [] : study.tests;
  const beside =
    gold &&
    (await readRows(
      {
        ...{ rows: gold.rows, sampled: goldSample!, recognised: goldSample! },
        embedded: [...new Set([...goldSample!, ...tests])].sort((a, b) => a - b),
      },
      { ...readers, mapEmbedder: undefined },
      (name) => stage(`${name} of gold`),
    ));
  const readWhole = async (rows: readonly LabelledText[] | null, name: string) => {
    const embedded = rows === null ? [] : [...rows.keys()];
    const vectors = studentEmbedder === null ? {} : { embedder: readers.embedder };
    return (
      rows &&
      (await readRows({ rows, sampled: [], recognised: [], embedded }, vectors, (what) => stage(`${what} of ${name}`)))
    );
  };
  const seedRows = await readWhole(study.seeds, "seeds");
  const goldTrain = await readWhole(study.goldTrain, "gold to train on");
  const figures = await runInWorker(
    {
      ...{ data: own, gold: beside, seeds: options.seeds ?? null, seedRows, goldTrain },
      ...{
        studied: study.studied,
        tests: study.tests,
        studentEmbedder,
        labels,
        matchesGold: matchLabels,
        mapRows,
        seed,
      },
      ...{ recogniser: recogniser?.name ?? null, cannotRead: cannotRead ?? null, embedder: embedder?.name ?? null },
      mapEmbedder: mapEmbedder?.name ?? null,
    },
    { signal, onProgress },
  );
  return {
    format: 1,
    seed,
    tokenizer: options.tokenizer?.name ?? tokenizerName,
    wordRule: [...data.rows, ...(gold?.rows ?? [])].some(({ text }) => hasOtherLetters(text)) ? otherWordRule : null,
    rows: data.counts,
    gold: gold?.counts ?? null,
    ...figures,
    ownStudent:
      options.ownStudent === undefined
        ? missing("there is no student.json: train one by scripts/student")
        : { value: options.ownStudent },
    contrast: contrastFigures(data.rows),
  };
}

function contrastFigures(rows: readonly EvaluationRow[]): Evaluation["contrast"] {
  const listed = rows.flatMap(({ contrastNorms: norms }) => (norms !== undefined && norms.length > 0 ? [norms] : []));
  if (listed.length === 0) return missing("the run was made without sampling.contrastNorms");
  const { beta, mean, smoothed, sequences } = contrastCurve(listed);
  return {
    value: { n: listed.length, beta, mean: [...mean], smoothed: [...smoothed], sequences: [...sequences] },
  };
}
