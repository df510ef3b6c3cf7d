// What a step did to the token that it drew for one row, for people to see: how likely the row's own distribution had
// it, how likely the contrasted one, and which partner made the difference.
#pragma once
#include <cstdint>
#include <vector>

#include "sampling/sample_step.h"

namespace corrsynth {

// What one partner did to the token, in nats:
//
//   gamma_mn (r(w) - mean of r),  r(v) = ln p_m(v) - ln p_n(v)
//
// with the mean over the tokens that might have been drawn in its place, the plausible ones, weighted by p_m: so a
// partner that finds all of them equally unlikely, as one that writes of something else does, pushed none. Above 0 the
// partner made the token more likely.
struct PartnerPush {
    int row = 0;
    int layer = -1;     // of a layer row, which of the layers was chosen; else -1
    double weight = 0;  // gamma_mn; below 0 of a guide
    double nats = 0;
};

struct TokenShare {
    int32_t token = -1;
    double own = 0, contrasted = 0;  // probabilities, as in StepTrace
};

// With p_m and p_n the whole distributions of the row and its partners at temperature 1,
//
//   ln contrasted = (exponent ln own + sum of the pushes) / temperature - log_scale,
//
// but of a token that ended the row by `keeps_ends`, which nothing pushed.
struct StepTrace {
    int32_t token = -1;
    double own = 0;         // probability under the row's own distribution, over the whole vocabulary
    double contrasted = 0;  // within the plausible set, contrasted and heated, before the nucleus; with keeps_ends
                            // times the probability that the row goes on, and of the likeliest end token that it ends
    double drawn = 0;       // the same within the nucleus: with what probability the token was drawn
    double exponent = 0;    // on the row's own distribution, beside the pushes: delta while its partners run
    double log_scale = 0;
    bool is_kept_end = false;
    int n_plausible = 0, n_nucleus = 0;         // tokens
    std::vector<PartnerPush> pushes;            // ascending by row
    std::vector<TokenShare> likely, contrasts;  // the most likely tokens by either distribution, best first
};

// Traces the step that drew `token` for `row`: the same input that sample_step had, before the group moves on. Passes
// of exp over the vocabulary, and it allocates. n_likely: how many of the most likely tokens.
void trace_step(const StepParams & params, const TokenMask & mask, const StepInput & input, int row, int32_t token,
                int n_likely, StepTrace & out);

}  // namespace corrsynth
