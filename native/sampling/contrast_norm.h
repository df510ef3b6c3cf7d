// How far a row's logits and those that it is contrasted with are apart: the distance that Figure 2 follows over the
// steps.
#pragma once

#include "sampling/coupling.h"
#include "sampling/logits_view.h"
#include "sampling/token_mask.h"

namespace corrsynth {

// max_w | l_m(w) - mean_n l_n(w) |   with  m = row, and n its partners of this step, all alike whatever their weights
//
// Partners in the second matrix do not count: another model's raw logits have another offset.
//
// Raw logits, neither scaled by gamma nor by the partners' total ("current label logits vector and the contrast label
// logits vector"); the mean is the log of the geometric mean of eqs. 9-12. Sums run in float64. Two kinds of tokens do
// not count: banned ones, and those that some of these rows finds impossible (-inf), from which every distance is
// infinite. 0 when no token counts, -1 when the row has no partner. Logits must not be NaN. O(partners * n_vocab).
double contrast_norm(const LogitsView & logits, int row, const ContrastWeights & weights, const TokenMask & mask);

}  // namespace corrsynth
