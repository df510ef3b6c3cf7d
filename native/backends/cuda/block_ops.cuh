// Reductions over a warp and over a block. All of them are of integers, so that no order of threads shows in a result.
// Every thread of the warp or block must call them, and every thread gets the result.
#pragma once
#include <cstdint>

#include "backends/cuda/target.h"

namespace corrsynth {
namespace cuda {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;
constexpr int kMaxWarps = 32;

__device__ inline int lane_id() { return static_cast<int>(threadIdx.x) % kWarp; }
__device__ inline int warp_id() { return static_cast<int>(threadIdx.x) / kWarp; }
__device__ inline int warps_per_block() { return static_cast<int>(blockDim.x) / kWarp; }

struct Sum {
    template <class T>
    __device__ T operator()(T a, T b) const {
        return a + b;
    }
};
struct Max {
    template <class T>
    __device__ T operator()(T a, T b) const {
        return a > b ? a : b;
    }
};
struct Min {
    template <class T>
    __device__ T operator()(T a, T b) const {
        return a < b ? a : b;
    }
};

template <class T, class Op>
__device__ inline T warp_reduce(T value, Op op) {
    for (int distance = kWarp / 2; distance > 0; distance /= 2) {
        value = op(value, __shfl_xor_sync(kAllLanes, value, distance));
    }
    return value;
}

template <class T, class Op>
__device__ inline T block_reduce(T value, Op op) {
    __shared__ T of_warp[kMaxWarps];
    value = warp_reduce(value, op);
    __syncthreads();  // the previous call's values have been read
    if (lane_id() == 0) of_warp[warp_id()] = value;
    __syncthreads();
    T all = of_warp[0];
    for (int w = 1; w < warps_per_block(); ++w) all = op(all, of_warp[w]);
    return all;
}

// Inclusive sum over the lanes up to this one.
__device__ inline uint64_t warp_prefix_sum(uint64_t value) {
    for (int distance = 1; distance < kWarp; distance *= 2) {
        const uint64_t below = __shfl_up_sync(kAllLanes, value, distance);
        if (lane_id() >= distance) value += below;
    }
    return value;
}

// Sum of the counts of the warps before this one; total: of all. A warp's lanes pass the same count.
__device__ inline int count_before_warp(int count, int & total) {
    __shared__ int of_warp[kMaxWarps];
    __syncthreads();
    if (lane_id() == 0) of_warp[warp_id()] = count;
    __syncthreads();
    int before = 0;
    total = 0;
    for (int w = 0; w < warps_per_block(); ++w) {
        if (w < warp_id()) before += of_warp[w];
        total += of_warp[w];
    }
    return before;
}

// How many lanes below this one have their bit set.
__device__ inline int lanes_below(unsigned ballot) { return __popc(ballot & ((1u << lane_id()) - 1u)); }

}  // namespace cuda
}  // namespace corrsynth
