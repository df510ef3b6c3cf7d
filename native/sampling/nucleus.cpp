#include "sampling/nucleus.h"

#include <algorithm>
#include <functional>

#include "sampling/cpu_levels.h"
#include "sampling/fixed_math.h"

namespace corrsynth {
namespace {

// The best score is distance 0; from 28 nats (2^-40) on a candidate has no mass. 16 bins a nat, the last one open.
constexpr int kBinsPerNat = 16;
constexpr int kBins = 28 * kBinsPerNat;

int bin_of(double score, double best) { return static_cast<int>(std::min(kBins - 1.0, (best - score) * kBinsPerNat)); }

// The largest score t with mass{score >= t} >= target. Only the bin that holds it is sorted.
double nucleus_threshold(const double * scores, int n, double best, uint64_t target, NucleusScratch & s) {
    std::fill(s.bins.begin(), s.bins.end(), 0);
    for (int i = 0; i < n; ++i) s.bins[bin_of(scores[i], best)] += s.masses[i];
    int bin = 0;
    uint64_t above = 0;
    while (above + s.bins[bin] < target) above += s.bins[bin++];

    s.boundary.clear();
    for (int i = 0; i < n; ++i) {
        if (s.masses[i] > 0 && bin_of(scores[i], best) == bin) s.boundary.push_back(i);
    }
    std::sort(s.boundary.begin(), s.boundary.end(), [&](int32_t a, int32_t b) { return scores[a] > scores[b]; });
    for (const int32_t i : s.boundary) {
        above += s.masses[i];
        if (above >= target) return scores[i];
    }
    return scores[s.boundary.back()];  // not reached: the bin's mass reaches the target
}

// Raises the threshold to the k-th best score of those at or above it.
double top_k_threshold(const double * scores, int n, double threshold, int k, NucleusScratch & s) {
    s.order.clear();
    for (int i = 0; i < n; ++i) {
        if (scores[i] >= threshold) s.order.push_back(scores[i]);
    }
    if (static_cast<int>(s.order.size()) <= k) return threshold;
    std::nth_element(s.order.begin(), s.order.begin() + (k - 1), s.order.end(), std::greater<double>());
    return s.order[k - 1];
}

// Fills in masses[0..n-1] and returns their sum.
CORRSYNTH_FOR_CPU_LEVELS
uint64_t weigh(const double * scores, int n, double best, uint64_t * masses) {
    uint64_t total = 0;
    for (int i = 0; i < n; ++i) {
        masses[i] = mass(scores[i], best);
        total += masses[i];
    }
    return total;
}

}  // namespace

NucleusScratch::NucleusScratch(int room) : masses(room), bins(kBins) {
    boundary.reserve(room);
    order.reserve(room);
}

int draw_from_nucleus(const double * scores, int n, double top_p, int top_k, uint64_t uniform, NucleusScratch & s) {
    const double best = *std::max_element(scores, scores + n);
    const uint64_t total = weigh(scores, n, best, s.masses.data());
    double threshold = nucleus_threshold(scores, n, best, mass_target(top_p, total), s);
    if (top_k > 0) threshold = top_k_threshold(scores, n, threshold, top_k, s);

    uint64_t kept = 0;
    for (int i = 0; i < n; ++i) kept += scores[i] >= threshold ? s.masses[i] : 0;
    const uint64_t drawn = multiply_high(uniform, kept);
    uint64_t cumulative = 0;
    int chosen = 0;
    for (int i = 0; i < n; ++i) {
        if (scores[i] < threshold) continue;
        chosen = i;
        cumulative += s.masses[i];
        if (cumulative > drawn) break;
    }
    return chosen;
}

}  // namespace corrsynth
