// contrast_scores of contrast.h, one token per thread: the same sums in the same order.
#pragma once
#include "backends/cuda/block_ops.cuh"
#include "backends/cuda/step.cuh"
#include "sampling/contrast.h"

namespace corrsynth {
namespace cuda {

constexpr int kStagedPartners = 64;

struct StagedPartner {
    const float * logits;
    double weight;
    double floor;
};

__device__ inline StagedPartner stage(const Step & s, const WeightedRow & partner) {
    const Row & row = s.rows[partner.row];
    return {s.logits_of(row), partner.weight, static_cast<double>(float_of_key(row.best_key)) - kPartnerFloor};
}

// Score of token w for row m; every thread of the block must call it, with w = -1 where it has no token.
__device__ inline double contrast_score(const Step & s, int m, int w) {
    __shared__ StagedPartner staged[kStagedPartners];
    constexpr int kInFlight = 8;  // partners' logits that are loaded together; they are subtracted in order
    const double own = w >= 0 ? static_cast<double>(s.logits_of(s.rows[m])[w]) : 0.0;
    double score = s.rows[m].own * own;
    for (int from = s.first[m]; from < s.first[m + 1]; from += kStagedPartners) {
        const int count = min(kStagedPartners, s.first[m + 1] - from);
        __syncthreads();
        for (int j = static_cast<int>(threadIdx.x); j < count; j += static_cast<int>(blockDim.x)) {
            staged[j] = stage(s, s.partners[from + j]);
        }
        __syncthreads();
        if (w < 0) continue;
        for (int j = 0; j < count; j += kInFlight) {
            float other[kInFlight];
            CORRSYNTH_UNROLL()
            for (int q = 0; q < kInFlight; ++q) other[q] = j + q < count ? staged[j + q].logits[w] : 0.0f;
            CORRSYNTH_UNROLL()
            for (int q = 0; q < kInFlight; ++q) {
                if (j + q >= count) break;
                const StagedPartner & p = staged[j + q];
                const double logit = static_cast<double>(other[q]);
                score = std::fma(-p.weight, logit < p.floor ? p.floor : logit, score);
            }
        }
    }
    return score;
}

}  // namespace cuda
}  // namespace corrsynth
