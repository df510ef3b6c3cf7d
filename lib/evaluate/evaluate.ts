// All metrics of one dataset in one go: what `corrsynth evaluate` and the report show.
import type { LabelledText } from "../students/student.js";
import { chooseRows } from "./chosen-rows.js";
import { contrastCurve } from "./contrast-curve.js";
import type { EvaluateOptions, EvaluationRow } from "./evaluate-options.js";
import type { Evaluation } from "./evaluation.js";
import { missing } from "./or-missing.js";
import { type ReadRows, readRows } from "./read-rows.js";
import type { ReadingOptions } from "./read-texts.js";
import { unreadable } from "./recognisers.js";
import { runInWorker } from "./run-in-worker.js";
import { hasOtherLetters, otherWordRule, tokenizerName } from "./tokenize.js";

/**
 * Runs every metric on a dataset. What cannot be computed is null with its reason. The same for the same rows, options
 * and seed.
 *
 * What is given as a function (tokeniser, recogniser, embedder) is asked on the thread that called, text by text, with
 * room for all else in between; everything after that is computed on a thread of its own, which an abort ends at once.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for gold rows of unknown labels (`skipUnknownLabels` counts
 * them instead), a `sampleSize`, `goldRows` or `seed` out of range, `matchLabels` without gold.
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
  const { data, gold, labels, sample, goldSample, study, goldEmbedded } = chooseRows(rows, options);
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
  const all = [...data.rows.keys()];
  const own = await readRows({ rows: data.rows, sampled: sample, recognised: all, embedded: all }, readers, stage);
  const studentEmbedder = options.embedStudents === false ? null : (readers.embedder?.name ?? null);
  const beside =
    gold &&
    (await readRows(
      { rows: gold.rows, sampled: goldSample, recognised: goldSample, embedded: goldEmbedded },
      { ...readers, mapEmbedder: undefined },
      (name) => stage(`${name} of gold`),
    ));
  const readWhole = async (rows: readonly LabelledText[] | null, embedded: readonly number[], name: string) => {
    const vectors = studentEmbedder === null ? {} : { embedder: readers.embedder };
    return (
      rows &&
      (await readRows({ rows, sampled: [], recognised: [], embedded }, vectors, (what) => stage(`${what} of ${name}`)))
    );
  };
  const seedRows = await readWhole(study.seeds, [...(study.seeds ?? []).keys()], "seeds");
  const goldTrain = await readWhole(study.goldTrain, study.vectorTrain, "gold to train on");
  const figures = await runInWorker(
    {
      ...{ data: own, gold: beside, seeds: options.seeds ?? null, seedRows, goldTrain },
      ...{ studied: study.studied, tests: study.tests, vectorTests: study.vectorTests, studentEmbedder },
      ...{ labels, matchesGold: matchLabels, mapRows, seed },
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
    embedded:
      readers.embedder === undefined
        ? null
        : {
            rows: all.length,
            ...{ gold: beside?.embedded.length ?? null, seeds: seedRows && embeddedIn(seedRows) },
            goldTrain: goldTrain && embeddedIn(goldTrain),
          },
    ...figures,
    ownStudent:
      options.ownStudent === undefined
        ? missing("there is no student.json: train one by scripts/student")
        : { value: options.ownStudent },
    contrast: contrastFigures(data.rows),
  };
}

function embeddedIn({ vectors }: ReadRows): number {
  return vectors?.length ?? 0;
}

function contrastFigures(rows: readonly EvaluationRow[]): Evaluation["contrast"] {
  const listed = rows.flatMap(({ contrastNorms: norms }) => (norms !== undefined && norms.length > 0 ? [norms] : []));
  if (listed.length === 0) return missing("the run was made without sampling.contrastNorms");
  const { beta, mean, smoothed, sequences } = contrastCurve(listed);
  return {
    value: { n: listed.length, beta, mean: [...mean], smoothed: [...smoothed], sequences: [...sequences] },
  };
}
