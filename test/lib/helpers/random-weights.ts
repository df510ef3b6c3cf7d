/** What models with random weights are made of. */

/** A weight. */
export interface Tensor {
  /** The dimension that runs fastest comes first. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The same numbers in -1..1 for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
