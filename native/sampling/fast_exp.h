// exp as fast as float32 goes, for loops that the compiler puts into vector registers.
#pragma once
#include <cstdint>
#include <cstring>

#include "sampling/cpu_levels.h"

namespace corrsynth {

constexpr float kLeastExponent = -87.0f;  // its exp is the least normal float32, 1e-38, which stands for 0

// exp(x) for kLeastExponent <= x <= 0, relative error below 2e-7. x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial in r,
// then n is added to the exponent's bits.
CORRSYNTH_IN_LEVEL float fast_exp(float x) {
    constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
    const float shifted = x * 1.44269504f + kRound;
    const float n = shifted - kRound;
    float r = x - n * 0.693359375f;  // ln 2 in two parts, the first exact in few bits
    r = r + n * 2.12194440e-4f;
    float p = 1.0f / 720.0f;
    p = p * r + 1.0f / 120.0f;
    p = p * r + 1.0f / 24.0f;
    p = p * r + 1.0f / 6.0f;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    uint32_t bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23;  // the low bits of `shifted` are n
    float scale;
    std::memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

}  // namespace corrsynth
