// All metrics of one dataset in one go: what `corrsynth evaluate` and the report show.
import { InvalidConfigError } from "../errors.js";
import { byLabel } from "./by-label.js";
import { contrastCurve } from "./contrast-curve.js";
import { copySteps } from "./copies.js";
import { type Diversity, diversitySteps, type ReadText } from "./diversity.js";
import { duplicateSteps } from "./duplicates.js";
import type { Embedder } from "./embedder.js";
import { embeddingFigures } from "./embedding-figures.js";
import { type Entity, entityEntropy } from "./entities.js";
import type { CartographyFigures, CopyFigures, Evaluation, StudentFigures } from "./evaluation.js";
import { accept, checkGoldLabels } from "./evaluation-input.js";
import { lengthBinWidth, lengthDistance, lengthDistribution } from "./lengths.js";
import { missing, noGold } from "./outcome.js";
import { type PaceOptions, pace } from "./pace.js";
import type { EntityRecogniser } from "./recognisers.js";
import { largestSample, sampleRows } from "./sample.js";
import { inTurns, type Steps } from "./steps.js";
import { type LabelledText, proxyStudent } from "./student.js";
import { cartographyOutcome, studentOutcome } from "./student-figures.js";
import { tokenize, tokenizerName } from "./tokenize.js";

/** A generated row. */
export interface EvaluationRow extends LabelledText {
  /** From a run with `sampling.contrastNorms`: the norm of the contrast at each token, from 0. */
  readonly contrastNorms?: readonly number[] | undefined;
}

/** Splits texts into tokens. */
export interface Tokenizer {
  /** To print beside every number that depends on it. */
  readonly name: string;
  /** The tokens of a text, in order. */
  tokenize(text: string): string[];
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
  /** All labels that the dataset was to have; default those of its rows. */
  readonly labels?: readonly string[] | undefined;
  /** Leaves out gold rows of other labels, and counts them, instead of refusing them; default false. */
  readonly skipUnknownLabels?: boolean | undefined;
  /** Texts of the in-context examples, to look for copies of them. */
  readonly seeds?: readonly string[] | undefined;
  /** For MAUVE, the heat map and the 2-D map, which are missing without. */
  readonly embedder?: Embedder | undefined;
  /** For entity entropy, which is missing without. */
  readonly recogniser?: EntityRecogniser | undefined;
  /** Default wink-nlp. */
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
 * The largest `sampleSize` for all these datasets: one that they and gold, where it is given, have enough rows for. Scores of different datasets
 * compare when each was evaluated with the same one. Blank rows do not count.
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
 * Runs every metric on a dataset. What cannot be computed is null with its reason. Interruptible, and the same for the same
 * rows, options and seed.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for gold rows of unknown labels (`skipUnknownLabels` counts them
 *   instead), a `sampleSize` or `seed` out of range, `matchLabels` without gold.
 * @throws the reason of `signal` once it is aborted, and whatever the embedder or the recogniser throws.
 */
export async function evaluate(rows: readonly EvaluationRow[], options: EvaluateOptions = {}): Promise<Evaluation> {
  const { seed = 0, matchLabels = false, mapRows = 4000, signal, onProgress, embedder, recogniser } = options;
  const tokenizer = options.tokenizer ?? { name: tokenizerName, tokenize };
  const stage = (name: string): PaceOptions => ({
    signal,
    onProgress: (share) => onProgress?.({ stage: name, share }),
  });
  const data = accept(rows);
  const known = new Set([...(options.labels ?? []), ...Object.keys(data.counts.labels)]);
  if (matchLabels && options.gold === undefined) {
    throw new InvalidConfigError([{ path: "matchLabels", message: "Expected gold rows, whose labels it takes over" }]);
  }
  if (options.gold !== undefined && options.skipUnknownLabels !== true) checkGoldLabels(options.gold, known);
  const gold = options.gold === undefined ? null : accept(options.gold, known);
  const labels = data.rows.map(({ label }) => label);
  const texts = data.rows.map(({ text }) => text);
  const n = options.sampleSize ?? comparableRows([data.rows], gold?.rows, { matchLabels });
  const mix = matchLabels ? gold?.rows.map(({ label }) => label) : undefined;
  const sampled = sampleRows(labels, n, { mix, seed });

  const tokens = await inPieces(texts, (text) => tokenizer.tokenize(text), stage("tokens"));
  const entities = await entitiesOf(texts, recogniser, stage("entities"));
  const read = data.rows.map(
    ({ text, label }, r): ReadText => ({ text, label, tokens: tokens[r]!, entities: entities?.[r] ?? null }),
  );
  const beside = gold === null ? null : await readGold(gold.rows);
  const repeated = await compute(duplicateSteps(texts), "duplicates");
  const whole = await compute(diversitySteps(read, repeated), "diversity");
  const diversityByLabel: Record<string, Diversity> = {};
  for (const [label, own] of byLabel(read, labels, (own) => own)) {
    diversityByLabel[label] = await compute(diversitySteps(own), "diversity of each label");
  }
  const sampledTexts = sampled.map((r) => read[r]!);
  const ofSample = n === read.length ? whole : await compute(diversitySteps(sampledTexts), "diversity of the sample");
  const ofGold = beside && (await compute(diversitySteps(beside.sample), "diversity of gold"));
  const ofSeeds = await compute(copyFigures(texts, options.seeds ?? []), "copies of seeds");
  const copiesOfGold = beside && (await compute(copyFigures(texts, beside.texts), "copies of gold"));

  const student = await learn(data.rows, gold?.rows ?? null, "student");
  const agreement = gold && (await learn(gold.rows, data.rows, "label agreement"));
  const goldSample = beside?.sample ?? null;
  const embedded = await embeddingFigures({ rows: data.rows, sampled, goldSample, embedder, mapRows, seed }, stage);

  return {
    format: 1,
    seed,
    tokenizer: tokenizer.name,
    rows: data.counts,
    gold: gold?.counts ?? null,
    diversity: whole,
    diversityByLabel,
    sample: { n, matchesGold: matchLabels, rows: ofSample, gold: ofGold },
    duplicates: {
      n: repeated.texts,
      exactRate: repeated.exactRate,
      nearRate: repeated.nearRate,
      near: repeated.near,
      pairs: repeated.pairs,
    },
    copiesOfSeeds: options.seeds === undefined ? missing("the in-context examples were not given") : { value: ofSeeds },
    copiesOfGold: copiesOfGold === null ? missing(noGold) : { value: copiesOfGold },
    lengths: lengthFigures(tokens, beside?.tokens ?? null),
    entities:
      entities === null || recogniser === undefined
        ? missing("no recogniser was given")
        : { value: { recogniser: recogniser.name, n: texts.length, ...entityEntropy(entities.flat()) } },
    ...embedded,
    student: gold === null ? missing(noGold) : studentOutcome(student, data.rows.length, gold.rows.length),
    labelAgreement:
      gold === null || agreement === null
        ? missing(noGold)
        : studentOutcome(agreement, gold.rows.length, data.rows.length),
    cartography: cartographyOutcome(student, data.rows.length),
    ownStudent: options.ownStudent === undefined ? missing("there is no student.json") : { value: options.ownStudent },
    contrast: contrastOutcome(data.rows),
  };

  async function readGold(rows: readonly LabelledText[]) {
    const texts = rows.map(({ text }) => text);
    const goldLabels = rows.map(({ label }) => label);
    const positions = sampleRows(goldLabels, n, { mix, seed });
    const tokens = await inPieces(texts, (text) => tokenizer.tokenize(text), stage("tokens of gold"));
    const sampledTexts = positions.map((r) => texts[r]!);
    const entities = await entitiesOf(sampledTexts, recogniser, stage("entities of gold"));
    const sample = positions.map(
      (r, i): ReadText => ({
        text: texts[r]!,
        label: goldLabels[r]!,
        tokens: tokens[r]!,
        entities: entities?.[i] ?? null,
      }),
    );
    return { texts, tokens, sample };
  }

  // Without rows to test on, one student is enough: only its way through the training rows is of use.
  function learn(from: readonly LabelledText[], test: readonly LabelledText[] | null, name: string) {
    return proxyStudent(from, test ?? from, { seed, ...(test === null ? { runs: 1 } : {}), ...stage(name) });
  }

  function compute<Value>(work: Steps<Value>, name: string): Promise<Value> {
    return inTurns(work, pace(stage(name)));
  }
}

async function inPieces<Value>(
  texts: readonly string[],
  read: (text: string) => Value | Promise<Value>,
  options: PaceOptions,
): Promise<Value[]> {
  const step = pace(options);
  const found: Value[] = [];
  for (const [t, text] of texts.entries()) {
    await step(t / texts.length);
    found.push(await read(text));
  }
  return found;
}

async function entitiesOf(
  texts: readonly string[],
  recogniser: EntityRecogniser | undefined,
  options: PaceOptions,
): Promise<(readonly Entity[])[] | null> {
  return recogniser === undefined ? null : inPieces(texts, (text) => recogniser.recognise(text), options);
}

function* copyFigures(texts: readonly string[], sources: readonly string[]): Steps<CopyFigures> {
  const found = yield* copySteps(texts, sources);
  const { exactRate, nearRate, near } = found;
  const pairs = found.pairs.map((pair) => ({ ...pair, sourceText: sources[pair.source]! }));
  return { n: found.texts, sources: found.sources, exactRate, nearRate, near, pairs };
}

function lengthFigures(tokens: readonly string[][], goldTokens: readonly string[][] | null): Evaluation["lengths"] {
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

function contrastOutcome(rows: readonly EvaluationRow[]): Evaluation["contrast"] {
  const listed = rows.flatMap(({ contrastNorms: norms }) => (norms !== undefined && norms.length > 0 ? [norms] : []));
  if (listed.length === 0) return missing("the run was made without sampling.contrastNorms");
  const { beta, mean, smoothed, sequences } = contrastCurve(listed);
  return {
    value: { n: listed.length, beta, mean: [...mean], smoothed: [...smoothed], sequences: [...sequences] },
  };
}
