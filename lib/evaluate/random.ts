// Seeded random numbers for the metrics that draw: k-means, UMAP, the student, samples of rows.
import { InvalidConfigError } from "../errors.js";
import { RandomStream } from "../prompt/random.js";

/** What a stream is for; each purpose has numbers of its own. */
export type EvaluationPurpose = "pca" | "kmeans" | "umap" | "student" | "sample";

const purposeNumber: Record<EvaluationPurpose, number> = { pca: 0, kmeans: 1, umap: 2, student: 3, sample: 4 };

/**
 * A stream of random integers that depends on (seed, purpose, index) alone. Groups of a run count up from 0; these streams
 * sit at the last group number there is, so an evaluation never shares a number with the run it evaluates.
 * @param seed  an integer 0..2^53 − 1.
 * @param index  which of the purpose's streams, an integer 0..2^20 − 1.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when `seed` is no such integer.
 */
export function evaluationRandom(seed: number, purpose: EvaluationPurpose, index = 0): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    const message = `Expected an integer 0..2^53 - 1, received ${seed}`;
    throw new InvalidConfigError([{ path: "seed", message }]);
  }
  const lastGroup = Number.MAX_SAFE_INTEGER;
  return new RandomStream(BigInt(seed), lastGroup, "examples", purposeNumber[purpose] * 2 ** 20 + index);
}
