// The figures of an evaluation that need vectors: MAUVE, the heat map of labels, the 2-D map.
import type { Progress } from "../numbers/progress.js";
import type { Evaluation, MauveFigures } from "./evaluation.js";

import { labelCosine } from "./label-cosine.js";
import { leastMauveRows } from "./least-rows.js";
import { type Mauve, mauve } from "./mauve.js";
import { missing, noGold, type OrMissing } from "./or-missing.js";
import { sampleRows } from "./sample.js";
import { umap } from "./umap.js";

/** What MAUVE is made of. */
interface ComparedRows {
  /** Name of the embedder. */
  readonly features: string;
  /** Of the rows that are compared with gold. */
  readonly vectors: readonly Float32Array[];
  /** As many of gold; null without gold. */
  readonly goldVectors: readonly Float32Array[] | null;
  readonly seed: number;
}

/** How close the rows are to gold: MAUVE. */
export function closeness(
  { features, vectors, goldVectors, seed }: ComparedRows,
  stage: (name: string) => Progress,
): Evaluation["mauve"] {
  if (goldVectors === null || vectors.length < leastMauveRows) {
    return missing(goldVectors === null ? noGold : tooFew(vectors.length));
  }
  return mauveFigures(mauve(goldVectors, vectors, { seed, onProgress: stage("MAUVE") }), features, vectors.length);
}

/** What the maps are made of. */
interface MappedRows {
  /** Name of the embedder. */
  readonly features: string;
  /** Of each row of the dataset, of which there is at least one. */
  readonly labels: readonly string[];
  readonly vectors: readonly Float32Array[];
  /** Most rows on the 2-D map. */
  readonly mapRows: number;
  readonly seed: number;
}

/** The heat map of labels and the 2-D map of rows. */
export function mapFigures(
  { features, labels, vectors, mapRows, seed }: MappedRows,
  stage: (name: string) => Progress,
): Pick<Evaluation, "labelCosine" | "map"> {
  stage("similarity of labels");
  const cosines = labelCosine(vectors, labels);
  const positions = sampleRows(labels, Math.min(labels.length, mapRows), { seed });
  const chosen = positions.map((r) => vectors[r]!);
  const points = umap(chosen, { seed, onProgress: stage("2-D map") });
  return {
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
