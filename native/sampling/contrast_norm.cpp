#include "sampling/contrast_norm.h"

#include <algorithm>
#include <cmath>

namespace corrsynth {

double contrast_norm(const LogitsView & logits, int row, const ContrastWeights & weights, const TokenMask & mask) {
    const Partner *first = weights.begin(row), *last = weights.end(row);
    const auto n_partners =
        static_cast<double>(std::count_if(first, last, [&](const Partner & p) { return !logits.is_second(p.row); }));
    if (n_partners == 0) return -1;
    const float * own = logits.row(row);
    constexpr int kTile = 512;  // sums worked on at a time: they stay in the first-level cache while partners pass by
    double sums[kTile];
    double norm = 0;
    for (int from = 0; from < logits.n_vocab; from += kTile) {
        const int n = std::min(kTile, logits.n_vocab - from);
        std::fill_n(sums, n, 0.0);
        for (const Partner * p = first; p != last; ++p) {
            if (logits.is_second(p->row)) continue;
            const float * other = logits.row(p->row) + from;
            for (int i = 0; i < n; ++i) sums[i] += static_cast<double>(other[i]);
        }
        for (int i = 0; i < n; ++i) {
            // infinite where one of the logits is, NaN where own and partner are: neither is a distance
            const double distance = std::fabs(static_cast<double>(own[from + i]) - sums[i] / n_partners);
            if (distance > norm && std::isfinite(distance) && !mask.is_banned(from + i)) norm = distance;
        }
    }
    return norm;
}

}  // namespace corrsynth
