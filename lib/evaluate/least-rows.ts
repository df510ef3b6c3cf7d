// From how many rows on a figure says something. Fewer, and it is left out with its reason: a number of a handful of
// texts reads like any other.

/**
 * Rows of each set for MAUVE. Its histograms have 30 cells, and a cell that expects fewer than five texts says nothing
 * (Cochran 1954). Two samples of one normal distribution in ten dimensions, which should score 100, come to 78 at 30
 * rows, 96 at 75 and 99.5 at 150; at 12, where two cells are left, anything comes to 100. Pillutla et al. advise
 * thousands of texts.
 */
export const leastMauveRows = 150;

/** Gold rows for each label, on average, for a student that is to judge the rows' labels. */
export const leastGoldPerLabel = 10;
