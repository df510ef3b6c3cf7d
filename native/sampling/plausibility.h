// Which tokens of a row survive alpha (eqs. 14-15): those at least alpha times as likely as the row's own best one.
#pragma once
#include <cstdint>

#include "sampling/token_mask.h"

namespace corrsynth {

// Best logit of each block of kBlock tokens, and of the row (returned). Banned tokens do not count.
// Returns NaN when a logit is NaN, +inf when one is: both are errors of the engine, never a token.
float scan_row(const float * logits, int n_vocab, const TokenMask & mask, float * block_max);

// Smallest float l that satisfies l >= best + ln alpha in float64, so that comparing floats is exact.
// At alpha = 0 (log_alpha = -inf) the lowest finite float: a token of logit -inf is never plausible.
float plausibility_threshold(float best, double log_alpha);

// Writes the plausible tokens in id order to out (room for n_vocab) and returns how many there are.
// block_max comes from scan_row: a block whose best logit is below the threshold is skipped unread.
int plausible_tokens(const float * logits, int n_vocab, const TokenMask & mask, const float * block_max,
                     float threshold, int32_t * out);

}  // namespace corrsynth
