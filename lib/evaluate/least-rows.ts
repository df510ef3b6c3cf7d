// From how many rows on a figure says something. Fewer, and it is left out with its reason: a number of a handful of
// texts reads like any other.

/**
 * Rows of each set for MAUVE. Its histograms have 30 cells, and a cell that expects fewer than five texts says nothing
 * (Cochran 1954). MAUVE of two samples of one distribution should be 1. Pillutla et al. advise thousands of texts, and
 * say that fewer make the score too high, and unsteady from draw to draw.
 */
export const leastMauveRows = 150;

/** Gold rows for each label, on average, for a student that is to judge the rows' labels. */
export const leastGoldPerLabel = 10;
