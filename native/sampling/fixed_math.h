// Arithmetic that gives the same bits on every IEEE-754 machine: explicit fused multiply-adds, no library exp,
// integer masses. Everything a draw depends on goes through here, so CPU and GPU agree token for token.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "sampling/cpu_levels.h"

// Functions that a GPU compiles from the same lines.
#ifdef __CUDACC__
#define CORRSYNTH_HD __host__ __device__
#else
#define CORRSYNTH_HD
#endif

namespace corrsynth {

CORRSYNTH_HD CORRSYNTH_IN_LEVEL double bits_to_double(uint64_t bits) {
    double x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

// exp(x) for x <= 0, below 1.5 ulp; 0 below -700. Cody-Waite reduction x = n ln 2 + r, |r| <= ln 2 / 2, then the
// Taylor series to r^13 (remainder below 2^-57) in Horner form, then a shift of the exponent by n.
CORRSYNTH_HD CORRSYNTH_IN_LEVEL double fixed_exp(double x) {
    const double clamped = x > -700.0 ? x : -700.0;
    constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to an integer
    const double shifted = std::fma(clamped, 1.4426950408889634, kRound);
    const double n = shifted - kRound;
    double r = std::fma(n, -0.6931471803691238, clamped);
    r = std::fma(n, -1.9082149292705877e-10, r);
    double p = 1.0 / 6227020800.0;
    p = std::fma(p, r, 1.0 / 479001600.0);
    p = std::fma(p, r, 1.0 / 39916800.0);
    p = std::fma(p, r, 1.0 / 3628800.0);
    p = std::fma(p, r, 1.0 / 362880.0);
    p = std::fma(p, r, 1.0 / 40320.0);
    p = std::fma(p, r, 1.0 / 5040.0);
    p = std::fma(p, r, 1.0 / 720.0);
    p = std::fma(p, r, 1.0 / 120.0);
    p = std::fma(p, r, 1.0 / 24.0);
    p = std::fma(p, r, 1.0 / 6.0);
    p = std::fma(p, r, 0.5);
    p = std::fma(p, r, 1.0);
    p = std::fma(p, r, 1.0);
    const double scale = bits_to_double(static_cast<uint64_t>(static_cast<int64_t>(n) + 1023) << 52);
    return x > -700.0 ? p * scale : 0.0;
}

constexpr double kMassOfMode = 1099511627776.0;  // 2^40, the mass of the most likely token

// Probability weight as an integer, floor(exp(score - best) * 2^40): sums of integers do not depend on their order.
CORRSYNTH_HD CORRSYNTH_IN_LEVEL uint64_t mass(double score, double best) {
    return static_cast<uint64_t>(fixed_exp(score - best) * kMassOfMode);
}

// Smallest integer mass that reaches the share p of total; total itself for p = 1.
CORRSYNTH_HD inline uint64_t mass_target(double p, uint64_t total) {
    if (p >= 1.0) return total;
    const double exact = std::ceil(p * static_cast<double>(total));
    const uint64_t target = exact < 1.0 ? 1 : static_cast<uint64_t>(exact);
    return target < total ? target : total;
}

// floor(a * b / 2^64)
CORRSYNTH_HD inline uint64_t multiply_high(uint64_t a, uint64_t b) {
    const uint64_t a_low = a & 0xffffffffu, a_high = a >> 32, b_low = b & 0xffffffffu, b_high = b >> 32;
    const uint64_t low = a_low * b_low;
    const uint64_t middle = a_high * b_low + (low >> 32);
    const uint64_t middle2 = a_low * b_high + (middle & 0xffffffffu);
    return a_high * b_high + (middle >> 32) + (middle2 >> 32);
}

}  // namespace corrsynth
