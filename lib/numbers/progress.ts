// How synchronous work tells how far it is: by a function that it calls between two pieces of a few milliseconds.

/** What every long metric takes. */
export interface ProgressOptions {
  /** Called between two pieces of the work, with the share of it that is done, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Is told the share of the work that is done, 0..1. */
export type Progress = (share: number) => void;

/** For work that nobody watches. */
export const unwatched: Progress = () => undefined;

/** The progress of a part of the work: its shares 0..1 are shares from..to of the whole. */
export function partOf(whole: Progress, from: number, to: number): Progress {
  return (share) => whole(from + (to - from) * share);
}

/** Every how many rows a loop over rows tells its progress. */
export const progressEvery = 64;
