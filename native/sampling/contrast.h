// Contrasted scores of one row at its plausible tokens (eq. 13; with any weights eq. 3 in log space). With a partner in
// the second matrix, as the weights say: contrastive decoding, a guide, DoLa.
#pragma once
#include <cstdint>

#include "sampling/coupling.h"
#include "sampling/logits_view.h"

namespace corrsynth {

// A partner's logit counts as at least this far below its row's best one (a probability of 2e-22), so that a
// partner's -inf cannot become +inf.
constexpr double kPartnerFloor = 50.0;

// scores[i] = own_m * l_m(w) - sum_n gamma_mn * max(l_n(w), best_n - 50)  with  w = tokens[i], m = row
//
//   logits       [n_rows, n_vocab]  raw logits, not modified. Raw is enough: a row's log-partition is one constant
//                                   over w, and softmax does not see constants. So it is for partners in the second
//                                   matrix, whatever their weight
//   best         [n_rows]           each row's largest logit
//   tokens       [n]                ascending ids; scores [n] float64, so that the order of magnitude of a logit
//                                   costs no digits and every backend rounds alike
void contrast_scores(const LogitsView & logits, int row, const ContrastWeights & weights, const float * best,
                     const int32_t * tokens, int n, double * scores);

}  // namespace corrsynth
