// The figures of an evaluation that need vectors: MAUVE, the heat map of labels, the 2-D map.
import type { Progress } from "../numbers/progress.js";
import type { Evaluation, MauveFigures } from "./evaluation.js";

import { labelCosine } from "./label-cosine.js";
import { leastMauveRows } from "./least-rows.js";
import { type Mauve, mauve } from "./mauve.js";
import { missing, noGold, type OrMissing } from "./or-missing.js";
import { sampleRows } from "./sample.js";
import { umap } from "./umap.js";

/** What the figures are made of. */
export interface EmbeddedRows {
  /** Name of the embedder. */
  readonly features: string;
  /** Of each row of the dataset, of which there is at least one. */
  readonly labels: readonly string[];
  readonly vectors: readonly Float32Array[];
  /** Positions of the rows that are compared with gold. */
  readonly sampled: readonly number[];
  /** As many of gold; null without gold. */
  readonly goldVectors: readonly Float32Array[] | null;
  /** Most rows on the map. */
  readonly mapRows: number;
  readonly seed: number;
}

/** @param stage  the progress of a stage, by its name. */
export function embeddingFigures(
  { features, labels, vectors, sampled, goldVectors, mapRows, seed }: EmbeddedRows,
  stage: (name: string) => Progress,
): Pick<Evaluation, "mauve" | "labelCosine" | "map"> {
  const own = sampled.map((r) => vectors[r]!);
  const closeness =
    goldVectors === null || own.length < leastMauveRows
      ? missing(goldVectors === null ? noGold : tooFew(own.length))
      : mauveFigures(mauve(goldVectors, own, { seed, onProgress: stage("MAUVE") }), features, own.length);
  stage("similarity of labels");
  const cosines = labelCosine(vectors, labels);
  const positions = sampleRows(labels, Math.min(labels.length, mapRows), { seed });
  const chosen = positions.map((r) => vectors[r]!);
  const points = umap(chosen, { seed, onProgress: stage("2-D map") });
  return {
    mauve: closeness,
    labelCosine: { value: { ...cosines, features, n: labels.length } },
    map: { value: { features, n: positions.length, positions, points } },
  };
}

function tooFew(n: number): string {
  return `it compares at least ${leastMauveRows} rows of each set, and there are ${n}`;
}

function mauveFigures(found: Mauve, features: string, n: number): OrMissing<MauveFigures> {
  if (found.score === null) return missing(found.reason);
  const { score, scaling, buckets, components, curve } = found;
  return { value: { score, features, n, scaling, buckets, components, curve } };
}
