#include "sampling/contrast.h"

#include <algorithm>
#include <cmath>

#include "sampling/cpu_levels.h"

namespace corrsynth {
namespace {

constexpr int kTile = 1024;  // scores worked on at a time: they stay in the first-level cache while partners pass by

// One tile of contrast_scores. logit_at(row, i) is the logit of the tile's i-th token.
template <typename LogitAt>
CORRSYNTH_IN_LEVEL void contrast_tile(const LogitsView & logits, int row, const ContrastWeights & weights,
                                      const float * best, int n, double * scores, LogitAt && logit_at) {
    const float * own = logits.row(row);
    const double gamma = weights.own[row];
    for (int i = 0; i < n; ++i) scores[i] = gamma * static_cast<double>(logit_at(own, i));
    for (const Partner * p = weights.begin(row); p != weights.end(row); ++p) {
        const float * other = logits.row(p->row);
        const double floor = static_cast<double>(best[p->row]) - kPartnerFloor;
        const double weight = p->weight;
        for (int i = 0; i < n; ++i) {
            scores[i] = std::fma(-weight, std::max(static_cast<double>(logit_at(other, i)), floor), scores[i]);
        }
    }
}

}  // namespace

CORRSYNTH_FOR_CPU_LEVELS
void contrast_scores(const LogitsView & logits, int row, const ContrastWeights & weights, const float * best,
                     const int32_t * tokens, int n, double * scores) {
    for (int from = 0; from < n; from += kTile) {
        const int count = std::min(kTile, n - from);
        const int32_t * tile = tokens + from;
        const int32_t first = tile[0];
        if (tile[count - 1] - first == count - 1) {  // neighbours, as at alpha 0: plain loads instead of gathers
            contrast_tile(logits, row, weights, best, count, scores + from,
                          [first](const float * x, int i) { return x[first + i]; });
        } else {
            contrast_tile(logits, row, weights, best, count, scores + from,
                          [tile](const float * x, int i) { return x[tile[i]]; });
        }
    }
}

}  // namespace corrsynth
