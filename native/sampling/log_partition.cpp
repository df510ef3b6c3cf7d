#include "sampling/log_partition.h"

#include <algorithm>
#include <cmath>

#include "sampling/cpu_levels.h"
#include "sampling/fixed_math.h"

namespace corrsynth {

CORRSYNTH_FOR_CPU_LEVELS
double log_partition(const float * logits, int n_vocab, float best) {
    // a banned token may lie above the best one that counts; then it is the one to measure from
    const double top = std::max(best, *std::max_element(logits, logits + n_vocab));
    constexpr int kLanes = 8;
    double sum[kLanes] = {};
    int w = 0;
    for (; w + kLanes <= n_vocab; w += kLanes) {
        for (int j = 0; j < kLanes; ++j) sum[j] += fixed_exp(logits[w + j] - top);
    }
    for (; w < n_vocab; ++w) sum[0] += fixed_exp(logits[w] - top);
    double all = 0;
    for (const double s : sum) all += s;
    return top + std::log(all);
}

}  // namespace corrsynth
