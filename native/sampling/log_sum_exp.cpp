#include "sampling/log_sum_exp.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "sampling/cpu_levels.h"

namespace corrsynth {
namespace {

constexpr int kLanes = 64;  // independent maxima and sums, for vector registers; fewer, and GCC unrolls them to scalars
constexpr int kBlock = 256;       // exponentials at a time
constexpr float kLeast = -87.0f;  // exp(kLeast) is the least normal float32, 1e-38: added instead of 0

// exp(x) for kLeast <= x <= 0, relative error below 2e-7. x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial in r, then n is
// added to the exponent's bits.
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

CORRSYNTH_IN_LEVEL float top_of(const float * x, int n) {
    float top[kLanes];
    for (float & t : top) t = -std::numeric_limits<float>::infinity();
    int i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        for (int j = 0; j < kLanes; ++j) top[j] = x[i + j] > top[j] ? x[i + j] : top[j];
    }
    for (; i < n; ++i) top[0] = x[i] > top[0] ? x[i] : top[0];
    for (const float t : top) top[0] = t > top[0] ? t : top[0];
    return top[0];
}

// NaN where a distance is. Each loop is simple enough for the compiler to put it into vector registers; as one they are
// not, since it would branch around exponentials of what was clamped.
CORRSYNTH_IN_LEVEL double sum_of_exps(const float * x, int count, float top) {
    float exps[kBlock];
    for (int i = 0; i < count; ++i) {
        const float distance = x[i] - top;
        exps[i] = distance < kLeast ? kLeast : distance;
    }
    for (int i = 0; i < count; ++i) exps[i] = fast_exp(exps[i]);
    for (int i = count; i < kBlock; ++i) exps[i] = 0;
    double sum[kLanes] = {};
    for (int i = 0; i < kBlock; i += kLanes) {
        for (int j = 0; j < kLanes; ++j) sum[j] += exps[i + j];
    }
    double all = 0;
    for (const double s : sum) all += s;
    return all;
}

}  // namespace

CORRSYNTH_FOR_CPU_LEVELS
double log_sum_exp(const float * x, int n) {
    const float top = top_of(x, n);
    double sum = 0;
    if (top == -std::numeric_limits<float>::infinity()) {
        for (int i = 0; i < n; ++i) sum += x[i];  // -inf, or NaN if there is one
        return sum;
    }
    for (int first = 0; first < n; first += kBlock) {
        sum += sum_of_exps(x + first, std::min(kBlock, n - first), top);
    }
    return top + std::log(sum);
}

}  // namespace corrsynth
