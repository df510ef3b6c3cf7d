// Who looks for near duplicates, and how alike two texts are to each of them: the one place where these numbers stand.

/** When two texts are near duplicates: their sets of shingles have at least this Jaccard similarity. */
export interface Nearness {
  /** Words in a shingle. */
  readonly shingle: number;
  /** Least Jaccard similarity of the two sets, 0.1..1. */
  readonly threshold: number;
}

/** What counts as nearly the same where nobody says otherwise. */
export const nearness = {
  /** The metrics `duplicates` and `copies`: how much of a dataset is there twice, or was there before. */
  metrics: { shingle: 3, threshold: 0.7 },
  /** Sets of rows that an export keeps on one side of a split, as the metric counts them. */
  splits: { shingle: 3, threshold: 0.7 },
  /**
   * The filters "copy" and "near-duplicate", whose threshold a task may change: stricter, since what they find is lost.
   */
  filters: { shingle: 3, threshold: 0.9 },
} as const satisfies Record<string, Nearness>;
