// draw_ending of ending.h by a block of threads.
#pragma once
#include "backends/cuda/block_ops.cuh"
#include "backends/cuda/step.cuh"
#include "sampling/rng.h"

namespace corrsynth {
namespace cuda {

// The plausible set of a row: a list of its tokens, or without one what of the vocabulary reaches the threshold.
struct PlausibleSet {
    const int32_t * list;
    int n;  // tokens of the list, or of the vocabulary
    float threshold;

    __device__ int32_t token(int i) const { return list ? list[i] : i; }
    __device__ bool has(const Step & s, const float * own, int32_t w) const {
        return list || (own[w] >= threshold && !s.is_banned(w));
    }
};

// The token that row m ends by, or -1: it goes on without its end tokens. Every thread gets it.
__device__ inline int32_t draw_ending(const Step & s, int m, const PlausibleSet & plausible) {
    const Row & row = s.rows[m];
    const float * own = s.logits_of(row);
    const double best = float_of_key(row.best_key);
    uint64_t likeliest = 0, ending = 0;  // likeliest: the logit's key above the token's complement, so the first wins
    for (int i = static_cast<int>(threadIdx.x); i < plausible.n; i += static_cast<int>(blockDim.x)) {
        const int32_t w = plausible.token(i);
        if (!s.is_end(w) || !plausible.has(s, own, w)) continue;
        ending += mass(own[w], best);
        likeliest = max(likeliest, uint64_t{order_key(own[w])} << 32 | ~static_cast<uint32_t>(w));
    }
    likeliest = block_reduce(likeliest, Max());
    if (likeliest == 0) return -1;
    uint64_t all = 0;
    for (int i = static_cast<int>(threadIdx.x); i < plausible.n; i += static_cast<int>(blockDim.x)) {
        const int32_t w = plausible.token(i);
        if (plausible.has(s, own, w)) all += mass(own[w], best);
    }
    all = block_reduce(all, Sum());
    ending = block_reduce(ending, Sum());
    const uint64_t uniform = ending_bits(s.seed, row.group, static_cast<uint32_t>(m - row.first_row), row.step);
    return multiply_high(uniform, all) < ending ? static_cast<int32_t>(~static_cast<uint32_t>(likeliest)) : -1;
}

}  // namespace cuda
}  // namespace corrsynth
