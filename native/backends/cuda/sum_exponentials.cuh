// The sum inside log_partition (log_partition.h), term by term in its order: a sum of doubles shows its order in the
// last bits.
#pragma once
#include "backends/cuda/block_ops.cuh"
#include "backends/cuda/step.cuh"

namespace corrsynth {
namespace cuda {

constexpr int kSumThreads = 256;
constexpr int kSumLanes = 8;  // log_partition keeps this many sums, of every 8th token each

// grid (n_rows). Warp 0 adds up the tile that the other warps have just filled with exponentials.
__global__ void sum_exponentials(Step s) {
    constexpr int kTile = 1024;
    __shared__ double terms[2][kTile];
    __shared__ double sums[kSumLanes];
    const int m = static_cast<int>(blockIdx.x), thread = static_cast<int>(threadIdx.x);
    const Row & row = s.rows[m];
    if (!(row.flags & kNeeded)) return;
    const float * x = s.logits_of(row);
    const double top = float_of_key(row.top_key);
    const int n_whole = s.n_vocab / kSumLanes * kSumLanes;
    const int n_tiles = (s.n_vocab + kTile - 1) / kTile;
    double sum = 0;
    for (int tile = 0; tile <= n_tiles; ++tile) {
        if (thread >= kWarp && tile < n_tiles) {
            for (int i = thread - kWarp; i < kTile; i += kSumThreads - kWarp) {
                const int w = tile * kTile + i;
                if (w < s.n_vocab) terms[tile % 2][i] = fixed_exp(static_cast<double>(x[w]) - top);
            }
        }
        if (thread < kSumLanes && tile > 0) {
            const int from = (tile - 1) * kTile, count = min(kTile, n_whole - from);
            CORRSYNTH_UNROLL(8)
            for (int i = thread; i < count; i += kSumLanes) sum += terms[(tile - 1) % 2][i];
        }
        __syncthreads();
    }
    if (thread == 0) {
        for (int w = n_whole; w < s.n_vocab; ++w) sum += terms[(n_tiles - 1) % 2][w % kTile];
    }
    if (thread < kSumLanes) sums[thread] = sum;
    __syncthreads();
    if (thread == 0) {
        double all = 0;
        for (const double part : sums) all += part;
        s.exp_sums[m] = all;
        s.tops[m] = float_of_key(row.top_key);
    }
}

}  // namespace cuda
}  // namespace corrsynth
