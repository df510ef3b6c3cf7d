// The log-partition of a row, which normalises its own, uncontrasted distribution: a log-probability is a logit minus
// it. Not needed to sample; needed to report.
#pragma once

namespace corrsynth {

// ln sum_w exp(l(w)). best is the largest logit that counts; tokens above it (banned ones) are counted all the same.
double log_partition(const float * logits, int n_vocab, float best);

}  // namespace corrsynth
