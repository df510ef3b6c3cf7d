// All figures of an evaluation from what was read: pure computation on plain data, which a worker thread does.
import { copies } from "../near/copies.js";
import { duplicates } from "../near/duplicates.js";
import { type Progress, progressEvery } from "../numbers/progress.js";
import { proxyStudentName } from "../students/proxy.js";
import type { LabelledText } from "../students/student.js";
import type { Token } from "../text/ngrams.js";
import { byLabel } from "./by-label.js";
import { dataMap } from "./cartography.js";
import { type Diversity, diversity, type ReadText } from "./diversity.js";
import { closeness, mapFigures } from "./embedding-figures.js";
import { entityEntropy } from "./entities.js";
import type { CartographyFigures, CopyFigures, Evaluation } from "./evaluation.js";
import type { Seed } from "./evaluation-input.js";
import { labelWords, type NamedLabel } from "./label-words.js";
import { lengthBinWidth, lengthDistance, lengthDistribution } from "./lengths.js";
import { labelsProblem, missing, noGold, type OrMissing } from "./or-missing.js";
import { type ReadRows, vectorsByRow } from "./read-rows.js";
import { type ProxyStudent, proxyStudent } from "./student.js";
import type { StudentFigures } from "./student-figures.js";
import { studentYardsticks } from "./student-yardsticks.js";
import { tokenize } from "./tokenize.js";

const noEmbedder = "no embedder was given (--embedder MODEL)";

/** Everything that the figures are made of. */
export interface FigureInput {
  readonly data: ReadRows;
  readonly gold: ReadRows | null;
  /** The in-context examples; null where they were not given. */
  readonly seeds: readonly Seed[] | null;
  /** Those of them that have a label of the dataset, and human rows to learn from, to train students on; or null. */
  readonly seedRows: ReadRows | null;
  readonly goldTrain: ReadRows | null;
  /** Positions of rows and of gold that students of the yardsticks learn from and are tested on. */
  readonly studied: readonly number[];
  readonly tests: readonly number[];
  /** Of gold, those that students of vectors are tested on. */
  readonly vectorTests: readonly number[];
  /** All labels, and what prompts call them. */
  readonly labels: readonly NamedLabel[];
  /** Whether the sampled rows have the proportions of gold's labels. */
  readonly matchesGold: boolean;
  /** Names; null where there is none. */
  readonly recogniser: string | null;
  /** Why the recogniser was not asked. */
  readonly cannotRead: string | null;
  readonly embedder: string | null;
  /** That of the maps, where it is another. */
  readonly mapEmbedder: string | null;
  /** Name of the embedder, where students are to read its vectors. */
  readonly studentEmbedder: string | null;
  readonly mapRows: number;
  readonly seed: number;
}

/** The figures that are computed here; the others need no computation worth a thread. */
export type Figures = Omit<
  Evaluation,
  "format" | "seed" | "tokenizer" | "wordRule" | "rows" | "gold" | "embedded" | "ownStudent" | "contrast"
>;

/** @param stage  the progress of a stage, by its name; called as the stage begins. */
export function computeFigures(input: FigureInput, stage: (name: string) => Progress): Figures {
  const { data, gold, seeds, seed } = input;
  const { rows, sampled } = data;
  const texts = rows.map(({ text }) => text);
  const goldTexts = gold?.rows.map(({ text }) => text) ?? null;
  const tokens = data.tokens ?? tokenizeAll(texts, stage("tokens"));
  const goldTokens = gold && goldTexts && (gold.tokens ?? tokenizeAll(goldTexts, stage("tokens of gold")));
  const read = rows.map((row, r): ReadText => ({ ...row, tokens: tokens[r]!, entities: data.entities?.[r] ?? null }));
  const goldSample = gold?.sampled.map(
    (r, i): ReadText => ({ ...gold.rows[r]!, tokens: goldTokens![r]!, entities: gold.entities?.[i] ?? null }),
  );
  const watch = (name: string) => ({ onProgress: stage(name) });

  const repeated = duplicates(texts, watch("duplicates"));
  const whole = diversity(read, { known: repeated, ...watch("diversity") });
  stage("diversity of each label");
  const labels = rows.map(({ label }) => label);
  const diversityByLabel = Object.fromEntries(byLabel(read, labels, (own): Diversity => diversity(own)));
  const n = sampled.length;
  const sampledTexts = sampled.map((r) => read[r]!);
  const ofSample = n === read.length ? whole : diversity(sampledTexts, watch("diversity of the sample"));
  const ofGold = goldSample ? diversity(goldSample, watch("diversity of gold")) : null;
  const ofSeeds =
    seeds &&
    copyFigures(
      texts,
      seeds.map(({ text }) => text),
      stage("copies of seeds"),
    );
  const copiesOfGold = goldTexts && copyFigures(texts, goldTexts, stage("copies of gold"));

  const labelsInWords = labelWords(rows, input.labels, comparedRows(gold, seeds));
  const student = learn(rows, gold?.rows ?? null, stage("student"));
  const measured = studentYardsticks(input, stage);
  const { recogniser, cannotRead, embedder, mapEmbedder, mapRows } = input;
  const without = (features: string | null) => missing(features === null ? noEmbedder : "there are no rows");
  const { vectors } = data;
  const mapVectors = mapEmbedder === null ? vectors : data.mapVectors;
  const mapFeatures = mapEmbedder ?? embedder;
  const goldVectors = gold && sampledVectors(gold);
  const mauve =
    embedder === null || vectors === null
      ? without(embedder)
      : closeness({ features: embedder, vectors: sampled.map((r) => vectors[r]!), goldVectors, seed }, stage);
  const maps =
    mapFeatures === null || mapVectors === null
      ? { labelCosine: without(mapFeatures), map: without(mapFeatures) }
      : mapFigures({ features: mapFeatures, labels, vectors: mapVectors, mapRows, seed }, stage);

  return {
    diversity: whole,
    diversityByLabel,
    sample: { n, matchesGold: input.matchesGold, rows: ofSample, gold: ofGold },
    duplicates: {
      n: repeated.texts,
      exactRate: repeated.exactRate,
      nearRate: repeated.nearRate,
      near: repeated.near,
      pairs: repeated.pairs,
    },
    copiesOfSeeds:
      ofSeeds === null ? missing("the in-context examples were not given (--seeds FILE)") : { value: ofSeeds },
    copiesOfGold: copiesOfGold === null ? missing(noGold) : { value: copiesOfGold },
    lengths: lengthFigures(tokens, goldTokens),
    entities:
      data.entities === null || recogniser === null
        ? missing(cannotRead ?? "no recogniser was given (--ner offline)")
        : { value: { recogniser, n: texts.length, ...entityEntropy(data.entities.flat()) } },
    labelWords: labelsInWords,
    mauve,
    ...maps,
    student: gold === null ? missing(noGold) : studentFigures(student, rows.length, gold.rows.length),
    ...measured,
    cartography: cartographyFigures(student, rows.length),
  };

  // Without rows to test on, one student is enough: only its way through the training rows is of use.
  function learn(
    from: readonly LabelledText[],
    test: readonly LabelledText[] | null,
    onProgress: Progress,
  ): ProxyStudent {
    return proxyStudent(from, test ?? from, { seed, onProgress, ...(test === null ? { runs: 1 } : {}) });
  }
}

// Human rows that tell how often a label's words stand in texts of their own accord.
function comparedRows(gold: ReadRows | null, seeds: readonly Seed[] | null): Parameters<typeof labelWords>[2] {
  if (gold !== null) return { of: "gold", rows: gold.rows };
  const rows = seeds?.flatMap(({ text, label }) => (label === undefined ? [] : [{ text, label }])) ?? [];
  return rows.length === 0 ? undefined : { of: "seeds", rows };
}

function sampledVectors(gold: ReadRows): Float32Array[] | null {
  const vectors = vectorsByRow(gold);
  return gold.vectors && gold.sampled.map((r) => vectors.get(r)!);
}

function tokenizeAll(texts: readonly string[], progress: Progress): string[][] {
  return texts.map((text, t) => {
    if (t % progressEvery === 0) progress(t / texts.length);
    return tokenize(text);
  });
}

function copyFigures(texts: readonly string[], sources: readonly string[], onProgress: Progress): CopyFigures {
  const found = copies(texts, sources, { onProgress });
  const { exactRate, nearRate, near, copiedRate, copied } = found;
  const pairs = found.pairs.map((pair) => ({ ...pair, sourceText: sources[pair.source]! }));
  return { n: found.texts, sources: found.sources, exactRate, nearRate, near, copiedRate, copied, pairs };
}

function lengthFigures(
  tokens: readonly (readonly Token[])[],
  goldTokens: readonly (readonly Token[])[] | null,
): Evaluation["lengths"] {
  const own = tokens.map(({ length }) => length);
  if (goldTokens === null) return { rows: lengthDistribution(own), gold: null, distance: null };
  const gold = goldTokens.map(({ length }) => length);
  const binWidth = lengthBinWidth(own, gold);
  return {
    rows: lengthDistribution(own, { binWidth }),
    gold: lengthDistribution(gold, { binWidth }),
    distance: lengthDistance(own, gold),
  };
}

// How well the student does; missing where there is one label only.
function studentFigures(student: ProxyStudent, trainRows: number, testRows: number): OrMissing<StudentFigures> {
  if (student.accuracy === null) return missing(student.reason);
  const { dynamics: _, ...figures } = student;
  const problem = labelsProblem(figures.labels.length);
  if (problem !== undefined) return missing(problem);
  return { value: { student: proxyStudentName, trainRows, testRows, ...figures } };
}

// The data map of its training rows.
function cartographyFigures(student: ProxyStudent, n: number): OrMissing<CartographyFigures> {
  if (student.accuracy === null) return missing(student.reason);
  const problem = labelsProblem(student.labels.length);
  if (problem !== undefined) return missing(problem);
  const { confidence, variability, correctness } = dataMap(student.dynamics);
  return {
    value: {
      student: proxyStudentName,
      n,
      confidence: [...confidence],
      variability: [...variability],
      correctness: [...correctness],
    },
  };
}
