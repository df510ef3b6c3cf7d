// The definition of a step in plain float64: every token of every row, a full sort, no blocks, no bins, no tricks.
// Slow on purpose; the tests hold every backend against it.
#pragma once
#include <cstdint>

#include "sampling/sample_step.h"

namespace corrsynth {

// Same contract as sample_step, without log-probabilities and with errors left to the caller (finite best logits only).
void reference_step(const StepParams & params, const TokenMask & mask, const StepInput & input, int32_t * tokens);

// Jensen-Shannon divergence of two rows' distributions, in nats: what a layer is chosen by.
double reference_divergence(const float * a, const float * b, int n_vocab);

}  // namespace corrsynth
