// The figures of an evaluation that need vectors: MAUVE, the heat map of labels, the 2-D map.
import { type Embedder, embedAll } from "./embedder.js";
import type { Evaluation, MauveFigures } from "./evaluation.js";
import { labelCosineSteps } from "./label-cosine.js";
import { mauve } from "./mauve.js";
import { missing, noGold, type Outcome } from "./outcome.js";
import { type PaceOptions, pace } from "./pace.js";
import { sampleRows } from "./sample.js";
import { inTurns } from "./steps.js";
import type { LabelledText } from "./student.js";
import { umap } from "./umap.js";

/** What the figures are made of. */
export interface EmbeddingInput {
  /** All rows of the dataset, none of them blank. */
  readonly rows: readonly LabelledText[];
  /** Positions of the rows that are compared with `goldSample`. */
  readonly sampled: readonly number[];
  /** As many of gold; null without gold. */
  readonly goldSample: readonly LabelledText[] | null;
  readonly embedder: Embedder | undefined;
  /** Most rows on the map. */
  readonly mapRows: number;
  readonly seed: number;
}

/** @param stage  how progress is told and the work is stopped, by the name of a stage. */
export async function embeddingFigures(
  { rows, sampled, goldSample, embedder, mapRows, seed }: EmbeddingInput,
  stage: (name: string) => PaceOptions,
): Promise<Pick<Evaluation, "mauve" | "labelCosine" | "map">> {
  if (embedder === undefined || rows.length === 0) {
    const reason = missing(embedder === undefined ? "no embedder was given" : "there are no rows");
    return { mauve: reason, labelCosine: reason, map: reason };
  }
  const features = embedder.name;
  const textsOf = (some: readonly LabelledText[]) => some.map(({ text }) => text);
  const vectors = await embedAll(embedder, textsOf(rows), stage("embeddings"));
  const closeness = goldSample === null ? missing(noGold) : await mauveOutcome(textsOf(goldSample));
  const labels = rows.map(({ label }) => label);
  const cosines = await inTurns(labelCosineSteps(vectors, labels), pace(stage("similarity of labels")));
  const positions = sampleRows(labels, Math.min(rows.length, mapRows), { seed });
  const chosen = positions.map((r) => vectors[r]!);
  const points = await umap(chosen, { seed, ...stage("2-D map") });
  return {
    mauve: closeness,
    labelCosine: { value: { ...cosines, features, n: rows.length } },
    map: { value: { features, n: positions.length, positions, points } },
  };

  async function mauveOutcome(goldTexts: readonly string[]): Promise<Outcome<MauveFigures>> {
    const goldVectors = await embedAll(embedder!, goldTexts, stage("embeddings of gold"));
    const own = sampled.map((r) => vectors[r]!);
    const score = await mauve(goldVectors, own, { seed, ...stage("MAUVE") });
    return score.score === null ? missing(score.reason) : { value: mauveFigures(score, features, own.length) };
  }
}

type MauveScore = Exclude<Awaited<ReturnType<typeof mauve>>, { readonly score: null }>;

function mauveFigures(
  { score, scaling, buckets, components, curve }: MauveScore,
  features: string,
  n: number,
): MauveFigures {
  return { score, features, n, scaling, buckets, components, curve };
}
