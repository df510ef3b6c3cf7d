#include "sampling/plausibility.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "sampling/cpu_levels.h"

namespace corrsynth {
namespace {

constexpr int kLanes = 16;  // independent maxima, so that the compiler can keep them in vector registers
constexpr float kLowest = -std::numeric_limits<float>::infinity();

// Best of a whole block in which every token counts. Sets saw_nan when the block holds a NaN.
CORRSYNTH_IN_LEVEL float clean_block_max(const float * x, bool & saw_nan) {
    float best[kLanes];
    int unordered[kLanes];
    for (int j = 0; j < kLanes; ++j) best[j] = kLowest, unordered[j] = 0;
    for (int i = 0; i < kBlock; i += kLanes) {
        for (int j = 0; j < kLanes; ++j) {
            const float v = x[i + j];
            best[j] = v > best[j] ? v : best[j];
            unordered[j] |= v != v;
        }
    }
    for (int j = 0; j < kLanes; ++j) saw_nan |= unordered[j] != 0;
    return *std::max_element(best, best + kLanes);
}

float careful_block_max(const float * x, int first, int count, const TokenMask & mask, bool & saw_nan) {
    float best = kLowest;
    for (int i = 0; i < count; ++i) {
        saw_nan |= std::isnan(x[i]);
        if (x[i] > best && !mask.is_banned(first + i)) best = x[i];
    }
    return best;
}

}  // namespace

CORRSYNTH_FOR_CPU_LEVELS
float scan_row(const float * logits, int n_vocab, const TokenMask & mask, float * block_max) {
    float best = kLowest;
    bool saw_nan = false;
    for (int b = 0, first = 0; first < n_vocab; ++b, first += kBlock) {
        const int count = std::min(kBlock, n_vocab - first);
        const bool whole = count == kBlock && mask.is_clean(b);
        block_max[b] = whole ? clean_block_max(logits + first, saw_nan)
                             : careful_block_max(logits + first, first, count, mask, saw_nan);
        best = std::max(best, block_max[b]);
    }
    return saw_nan ? std::numeric_limits<float>::quiet_NaN() : best;
}

float plausibility_threshold(float best, double log_alpha) {
    const double exact = static_cast<double>(best) + log_alpha;
    if (exact <= -FLT_MAX) return -FLT_MAX;
    float threshold = static_cast<float>(exact);
    if (static_cast<double>(threshold) < exact)
        threshold = std::nextafterf(threshold, std::numeric_limits<float>::infinity());
    return threshold;
}

CORRSYNTH_FOR_CPU_LEVELS
int plausible_tokens(const float * logits, int n_vocab, const TokenMask & mask, const float * block_max,
                     float threshold, int32_t * out) {
    int n = 0;
    for (int b = 0, first = 0; first < n_vocab; ++b, first += kBlock) {
        if (block_max[b] < threshold) continue;
        const int end = std::min(first + kBlock, n_vocab);
        const bool clean = mask.is_clean(b);
        for (int w = first; w < end; ++w) {
            out[n] = w;  // written always, kept only when plausible: no branch to mispredict
            n += logits[w] >= threshold && (clean || !mask.is_banned(w));
        }
    }
    return n;
}

}  // namespace corrsynth
