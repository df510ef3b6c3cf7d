#include "sampling/log_sum_exp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sampling/fast_exp.h"

namespace corrsynth {
namespace {

constexpr int kLanes = 64;  // independent maxima and sums, for vector registers; fewer, and GCC unrolls them to scalars
constexpr int kBlock = 256;  // exponentials at a time

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
        exps[i] = distance < kLeastExponent ? kLeastExponent : distance;
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
