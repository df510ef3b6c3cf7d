// draw_from_nucleus of nucleus.h by a block of threads, without a sort.
#pragma once
#include "backends/cuda/block_ops.cuh"
#include "backends/cuda/step.cuh"

namespace corrsynth {
namespace cuda {

// Candidates in id order. A score of -inf stands for no candidate: it has no mass, and its key is below every
// threshold.
struct Candidates {
    const double * scores;
    int n;
    double best;  // of the scores
    double temperature;

    // As heat() of sample_step.cpp: measured from the best score, so that no temperature can overflow it.
    __device__ double heated(int i) const { return temperature == 1 ? scores[i] : (scores[i] - best) / temperature; }
    __device__ double best_heated() const { return temperature == 1 ? best : 0.0; }
    __device__ uint64_t key(int i) const { return order_key(heated(i)); }
    __device__ uint64_t mass_of(int i) const { return mass(heated(i), best_heated()); }
};

struct Mass {
    __device__ uint64_t operator()(const Candidates & c, int i) const { return c.mass_of(i); }
};
struct One {
    __device__ uint64_t operator()(const Candidates &, int) const { return 1; }
};

// The digit at which the weight counted from the largest digit down reaches target, less what lies above; by warp 0.
__device__ inline void find_digit(const unsigned long long * weight_of, uint64_t target, int * digit,
                                  uint64_t * above) {
    constexpr int kOwn = 256 / kWarp;
    const int top = 255 - kOwn * lane_id();  // this lane's digits are top, top - 1, ...
    uint64_t own = 0;
    for (int j = 0; j < kOwn; ++j) own += weight_of[top - j];
    const uint64_t reached = warp_prefix_sum(own);
    const unsigned hits = __ballot_sync(kAllLanes, reached >= target);
    if (lane_id() != (hits ? __ffs(static_cast<int>(hits)) - 1 : kWarp - 1)) return;
    uint64_t sum = reached - own;
    int j = 0;
    while (j < kOwn - 1 && sum + weight_of[top - j] < target) sum += weight_of[top - j++];
    *digit = top - j;
    *above = sum;
}

// The largest key t with weight{key >= t} >= target among the candidates with keys low .. high, both of which occur;
// total is their weight. Radix selection, at the eight highest bits in which the keys still differ.
template <class Weight>
__device__ inline uint64_t select_key(const Candidates & c, Weight weight, uint64_t target, uint64_t total,
                                      uint64_t low, uint64_t high) {
    __shared__ unsigned long long weight_of[256];
    __shared__ int digit;
    __shared__ uint64_t above;
    if (target >= total) return low;
    while (low < high) {
        const int differing = 64 - __clzll(static_cast<long long>(low ^ high));
        const int shift = differing > 8 ? differing - 8 : 0;
        for (int i = static_cast<int>(threadIdx.x); i < 256; i += static_cast<int>(blockDim.x)) weight_of[i] = 0;
        __syncthreads();
        for (int i = static_cast<int>(threadIdx.x); i < c.n; i += static_cast<int>(blockDim.x)) {
            const uint64_t key = c.key(i);
            if (key < low || key > high) continue;
            const uint64_t own = weight(c, i);
            if (own) atomicAdd(&weight_of[key >> shift & 255], static_cast<unsigned long long>(own));
        }
        __syncthreads();
        if (warp_id() == 0) find_digit(weight_of, target, &digit, &above);
        __syncthreads();
        target -= above;
        const uint64_t from = ((low >> shift & ~uint64_t{255}) | static_cast<uint64_t>(digit)) << shift;
        const uint64_t to = from | ((uint64_t{1} << shift) - 1);
        uint64_t smallest = ~uint64_t{0}, largest = 0;
        for (int i = static_cast<int>(threadIdx.x); i < c.n; i += static_cast<int>(blockDim.x)) {
            const uint64_t key = c.key(i);
            if (key < low || key > high || key < from || key > to) continue;
            smallest = min(smallest, key);
            largest = max(largest, key);
        }
        low = block_reduce(smallest, Min());
        high = block_reduce(largest, Max());
    }
    return low;
}

// Key of the lowest score in the nucleus, top-k applied.
__device__ inline uint64_t nucleus_key(const Candidates & c, double top_p, int top_k) {
    const uint64_t best_key = order_key(c.best_heated());
    uint64_t total = 0, lowest = best_key;  // lowest key of any mass
    for (int i = static_cast<int>(threadIdx.x); i < c.n; i += static_cast<int>(blockDim.x)) {
        const uint64_t own = c.mass_of(i);
        total += own;
        if (own) lowest = min(lowest, c.key(i));
    }
    total = block_reduce(total, Sum());
    lowest = block_reduce(lowest, Min());
    const uint64_t threshold = select_key(c, Mass(), mass_target(top_p, total), total, lowest, best_key);
    if (top_k <= 0) return threshold;

    uint64_t count = 0;
    for (int i = static_cast<int>(threadIdx.x); i < c.n; i += static_cast<int>(blockDim.x)) {
        count += c.key(i) >= threshold;
    }
    count = block_reduce(count, Sum());
    return select_key(c, One(), static_cast<uint64_t>(top_k), count, threshold, best_key);
}

// Index of the first candidate, of those with key >= threshold, whose cumulative mass exceeds floor(u * all of it).
// Every thread gets it; -1 when there is no mass. For blocks of two warps at least: one alone would have nothing to
// narrow.
__device__ inline int draw_by_mass(const Candidates & c, uint64_t threshold, uint64_t uniform) {
    __shared__ uint64_t of_warp[kMaxWarps];
    __shared__ int chosen;
    const auto kept_mass = [&](int i) { return c.key(i) >= threshold ? c.mass_of(i) : uint64_t{0}; };
    int from = 0, to = c.n;
    uint64_t drawn = 0;
    bool is_drawn = false;
    do {  // narrows from .. to down to the part that holds the token: a part for each warp
        const int n_warps = warps_per_block();
        const int part = ((to - from + n_warps - 1) / n_warps + kWarp - 1) / kWarp * kWarp;
        const int begin = min(from + warp_id() * part, to), end = min(begin + part, to);
        uint64_t own = 0;
        for (int i = begin + lane_id(); i < end; i += kWarp) own += kept_mass(i);
        own = warp_reduce(own, Sum());
        __syncthreads();
        if (lane_id() == 0) of_warp[warp_id()] = own;
        __syncthreads();
        if (!is_drawn) {
            uint64_t kept = 0;
            for (int w = 0; w < n_warps; ++w) kept += of_warp[w];
            drawn = multiply_high(uniform, kept);
            is_drawn = true;
        }
        int w = 0;
        while (w < n_warps - 1 && drawn >= of_warp[w]) drawn -= of_warp[w++];
        from = min(from + w * part, to);
        to = min(from + part, to);
    } while (to - from > kWarp);

    if (warp_id() == 0) {
        const int i = from + lane_id();
        const uint64_t own = i < to ? kept_mass(i) : 0;
        const uint64_t reached = warp_prefix_sum(own);
        const unsigned hits = __ballot_sync(kAllLanes, own != 0 && reached > drawn);
        if (lane_id() == 0) chosen = hits ? from + __ffs(static_cast<int>(hits)) - 1 : -1;
    }
    __syncthreads();
    return chosen;
}

}  // namespace cuda
}  // namespace corrsynth
