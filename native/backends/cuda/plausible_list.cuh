// The plausible tokens of a row in id order, found in those blocks alone whose best logit is plausible.
#pragma once
#include "backends/cuda/block_ops.cuh"
#include "backends/cuda/step.cuh"

namespace corrsynth {
namespace cuda {

constexpr int kDrawThreads = 512;

// Writes the first kListRoom tokens to list and returns how many there are. For a block of kDrawThreads threads.
__device__ inline int list_plausible(const Step & s, int m, float threshold, int32_t * list) {
    constexpr int kRounds = kBlock / kWarp;
    __shared__ int32_t candidates[kDrawThreads];
    const float * x = s.logits_of(s.rows[m]);
    const uint32_t * block_best = s.block_best + static_cast<size_t>(m) * s.n_blocks;
    const uint32_t threshold_key = order_key(threshold);
    int n = 0;
    for (int base = 0; base < s.n_blocks; base += kDrawThreads) {
        const int mine = base + static_cast<int>(threadIdx.x);
        const bool is_candidate = mine < s.n_blocks && block_best[mine] >= threshold_key;
        const unsigned ballot = __ballot_sync(kAllLanes, is_candidate);
        int n_candidates;
        const int before = count_before_warp(__popc(ballot), n_candidates);
        if (is_candidate) candidates[before + lanes_below(ballot)] = mine;
        __syncthreads();
        for (int next = 0; next < n_candidates; next += warps_per_block()) {
            const int i = next + warp_id();
            const int first = i < n_candidates ? candidates[i] * kBlock : s.n_vocab;
            unsigned kept[kRounds];
            int count = 0, total;
            CORRSYNTH_UNROLL()
            for (int r = 0; r < kRounds; ++r) {
                const int w = first + r * kWarp + lane_id();
                kept[r] = __ballot_sync(kAllLanes, w < s.n_vocab && x[w] >= threshold && !s.is_banned(w));
                count += __popc(kept[r]);
            }
            int at = n + count_before_warp(count, total);
            CORRSYNTH_UNROLL()
            for (int r = 0; r < kRounds; ++r) {
                const int place = at + lanes_below(kept[r]);
                if ((kept[r] >> lane_id() & 1u) && place < kListRoom) list[place] = first + r * kWarp + lane_id();
                at += __popc(kept[r]);
            }
            n += total;
        }
        __syncthreads();
    }
    return n;
}

}  // namespace cuda
}  // namespace corrsynth
