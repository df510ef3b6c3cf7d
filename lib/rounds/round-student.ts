// Who judges rows between two rounds: the proxy student, or a logistic one on an embedder.
import type { EmbedOptions } from "../engine/embed-options.js";
import type { EmbeddingModel } from "../engine/load.js";
import { type CrossFitted, crossFit } from "../students/cross-fit.js";
import { dense, ofTexts } from "../students/row-vectors.js";
import type { LabelledText } from "../students/student.js";
import type { SparseVector } from "../students/text-features.js";
import { trainStudent } from "../students/train.js";

/** A student of the labels of a task. */
export interface RoundStudent {
  /** Probabilities of each row by students that never saw it. */
  crossFitted(rows: readonly LabelledText[], seed: number): Promise<CrossFitted>;
  /** Probabilities of texts, in the order of the labels, by a student of the rows. */
  judge(rows: readonly LabelledText[], texts: readonly string[], seed: number): Promise<Float64Array[]>;
  /** Vectors of length 1, whose product is how alike two texts are. */
  vectors(texts: readonly string[]): Promise<readonly SparseVector[]>;
  /** Rows as `rowInfluence` and `rowWeights` read them. */
  read<Row extends LabelledText>(rows: readonly Row[]): Promise<(Row & { readonly vector?: Float32Array })[]>;
}

/** A student that reads words. */
export function proxyStudent(labels: readonly string[]): RoundStudent {
  return {
    crossFitted: async (rows, seed) => crossFit(rows, { kind: "proxy", labels, seed }),
    judge: async (rows, texts, seed) => trainStudent(rows, { kind: "proxy", labels, seed }).probabilities(texts),
    vectors: async (texts) => ofTexts(texts, labels.length).vectors,
    read: async (rows) => [...rows],
  };
}

/** A student that reads the vectors of a model. Each text is embedded once. */
export function embeddingStudent(
  labels: readonly string[],
  model: Pick<EmbeddingModel, "embed">,
  options: Pick<EmbedOptions, "threads" | "signal" | "cache">,
): RoundStudent {
  const known = new Map<string, Float32Array>();
  const embed = async (texts: readonly string[]) => {
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    const vectors = missing.length === 0 ? [] : await model.embed(missing, options);
    for (const [i, text] of missing.entries()) known.set(text, vectors[i]!);
    return texts.map((text) => known.get(text)!);
  };
  const read = async <Row extends LabelledText>(rows: readonly Row[]) => {
    const vectors = await embed(rows.map(({ text }) => text));
    return rows.map((row, r) => ({ ...row, vector: vectors[r]! }));
  };
  return {
    crossFitted: async (rows, seed) => crossFit(await read(rows), { kind: "logistic", labels, seed }),
    judge: async (rows, texts) => {
      return trainStudent(await read(rows), { kind: "logistic", labels }).probabilities(await embed(texts));
    },
    vectors: async (texts) => dense(await embed(texts)).vectors,
    read,
  };
}
