#include "sampling/contrast.h"

#include <algorithm>
#include <cmath>

namespace corrsynth {
namespace {

constexpr int kTile = 1024;  // scores worked on at a time: they stay in the first-level cache while partners pass by

}  // namespace

void contrast_scores(const LogitsView & logits, int row, double gamma, const ContrastWeights & weights,
                     const float * best, const TokenMask & mask, const double * log_partition, const int32_t * tokens,
                     int n, double * scores) {
    const float * own = logits.row(row);
    for (int from = 0; from < n; from += kTile) {
        const int to = std::min(from + kTile, n);
        for (int i = from; i < to; ++i) scores[i] = gamma * static_cast<double>(own[tokens[i]]);
        for (const Partner * p = weights.begin(row); p != weights.end(row); ++p) {
            const float * other = logits.row(p->row);
            const double floor = static_cast<double>(best[p->row]) - kPartnerFloor;
            for (int i = from; i < to; ++i) {
                scores[i] = std::fma(-p->weight, std::max(static_cast<double>(other[tokens[i]]), floor), scores[i]);
            }
        }
    }
    if (!log_partition) return;
    for (int i = 0; i < n; ++i) {
        if (!mask.is_end(tokens[i])) continue;
        const double l = own[tokens[i]];
        scores[i] = gamma * l;
        for (const Partner * p = weights.begin(row); p != weights.end(row); ++p) {
            scores[i] = std::fma(-p->weight, l - log_partition[row] + log_partition[p->row], scores[i]);
        }
    }
}

}  // namespace corrsynth
