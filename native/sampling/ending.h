// Whether a row ends, drawn by itself: as likely as its own distribution has it, before contrast, temperature and
// nucleus.
#pragma once
#include <cstdint>

#include "sampling/token_mask.h"

namespace corrsynth {

// With probability e, the share that end tokens have of the plausible set's mass under the row's own distribution,
//
//   e = sum over end tokens w in T_m of p_m(w)  /  sum over T_m of p_m(w),
//
// returns the most likely end token, the first of several. Else -1: the end tokens are taken out of tokens, and n is
// lowered to those left, of which there is at least one.
//
//   own      [n_vocab]  the row's logits, best the largest that counts
//   tokens   [n]        its plausible set in id order
//   uniform             64 bits standing for u in [0, 1)
//
// Masses are integers (fixed_math.h), so that the outcome is the same on every machine. Where no end token is plausible
// nothing is weighed.
int32_t draw_ending(const float * own, float best, const TokenMask & mask, uint64_t uniform, int32_t * tokens, int & n);

}  // namespace corrsynth
