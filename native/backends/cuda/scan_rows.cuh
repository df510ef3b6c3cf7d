// The first and only whole pass over the logits: the best one of each block of tokens and of each row.
#pragma once
#include "backends/cuda/block_ops.cuh"
#include "backends/cuda/step.cuh"

namespace corrsynth {
namespace cuda {

constexpr int kScanThreads = 256;
constexpr int kScanBlocks = kScanThreads / kWarp;  // a warp takes one block of tokens

// grid (n_blocks / kScanBlocks rounded up, n_rows)
__global__ void scan_rows(Step s) {
    const int m = static_cast<int>(blockIdx.y);
    Row & row = s.rows[m];
    if (!(row.flags & kNeeded)) return;
    const int block = static_cast<int>(blockIdx.x) * kScanBlocks + warp_id();
    uint32_t best = 0, top = 0;
    if (block < s.n_blocks) {
        const float * x = s.logits_of(row);
        const bool clean = s.block_banned[block] == 0;
        float logit[kBlock / kWarp];  // loaded together, so that the loads overlap
        CORRSYNTH_UNROLL()
        for (int r = 0; r < kBlock / kWarp; ++r) {
            const int w = block * kBlock + r * kWarp + lane_id();
            logit[r] = w < s.n_vocab ? x[w] : -INFINITY;
        }
        CORRSYNTH_UNROLL()
        for (int r = 0; r < kBlock / kWarp; ++r) {
            const int w = block * kBlock + r * kWarp + lane_id();
            const bool is_nan = logit[r] != logit[r];
            const uint32_t key = is_nan ? kNotANumberKey : order_key(logit[r]);
            top = max(top, key);
            if (is_nan || clean || w >= s.n_vocab || !s.is_banned(w)) best = max(best, key);
        }
        best = warp_reduce(best, Max());
        if (lane_id() == 0) s.block_best[static_cast<size_t>(m) * s.n_blocks + block] = best;
    }
    best = block_reduce(best, Max());
    top = block_reduce(top, Max());
    if (threadIdx.x == 0) {
        atomicMax(&row.best_key, best);
        atomicMax(&row.top_key, top);
    }
}

}  // namespace cuda
}  // namespace corrsynth
