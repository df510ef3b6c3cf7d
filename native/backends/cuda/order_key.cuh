// Floating-point numbers as unsigned integers of the same order, for atomicMax and radix selection.
#pragma once
#include <cfloat>
#include <cmath>
#include <cstring>

#include "backends/cuda/target.h"
#include "sampling/fixed_math.h"

namespace corrsynth {
namespace cuda {

constexpr uint32_t kNotANumberKey = 0xffffffffu;  // above the key of +inf: a NaN wins every maximum

// Not for NaN. -0 gets the key of +0, since it compares equal.
__device__ inline uint32_t order_key(float x) {
    const float canonical = x + 0.0f;
    uint32_t bits;
    std::memcpy(&bits, &canonical, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

__device__ inline uint64_t order_key(double x) {
    const double canonical = x + 0.0;
    uint64_t bits;
    std::memcpy(&bits, &canonical, sizeof bits);
    return bits >> 63 ? ~bits : bits | uint64_t{1} << 63;
}

__device__ inline float float_of_key(uint32_t key) {
    const uint32_t bits = key & 0x80000000u ? key & 0x7fffffffu : ~key;
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

__device__ inline double double_of_key(uint64_t key) {
    return bits_to_double(key >> 63 ? key & ~(uint64_t{1} << 63) : ~key);
}

}  // namespace cuda
}  // namespace corrsynth
