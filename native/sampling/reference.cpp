#include "sampling/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sampling/fixed_math.h"
#include "sampling/rng.h"

namespace corrsynth {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

double best_logit(const LogitsView & logits, int m, const TokenMask & mask) {
    double best = kNone;
    for (int w = 0; w < logits.n_vocab; ++w) {
        if (!mask.is_banned(w)) best = std::max(best, static_cast<double>(logits.row(m)[w]));
    }
    return best;
}

double log_sum_exp(const LogitsView & logits, int m) {
    const float * l = logits.row(m);
    const double top = *std::max_element(l, l + logits.n_vocab);
    double sum = 0;
    for (int w = 0; w < logits.n_vocab; ++w) sum += std::exp(l[w] - top);
    return top + std::log(sum);
}

// s_m(w) of eq. 13 over T, or -inf outside the plausible set.
std::vector<double> scores_of(const StepParams & params, const TokenMask & mask, const StepInput & input, int m) {
    const LogitsView & logits = input.logits;
    const double best = best_logit(logits, m, mask);
    const double own_partition = log_sum_exp(logits, m);
    std::vector<double> partner_best, partner_partition;
    for (const Partner * p = input.weights->begin(m); p != input.weights->end(m); ++p) {
        partner_best.push_back(best_logit(logits, p->row, mask));
        partner_partition.push_back(log_sum_exp(logits, p->row));
    }
    std::vector<double> scores(logits.n_vocab, kNone);
    for (int w = 0; w < logits.n_vocab; ++w) {
        const double own = logits.row(m)[w];
        const bool plausible = params.alpha == 0 ? own > kNone : own >= best + std::log(params.alpha);
        if (!plausible || mask.is_banned(w)) continue;
        scores[w] = input.weights->own[m] * own;
        const Partner * p = input.weights->begin(m);
        for (size_t n = 0; n < partner_best.size(); ++n) {
            double other = std::max<double>(logits.row(p[n].row)[w], partner_best[n] - kPartnerFloor);
            if (!params.contrast_end && mask.is_end(w)) other = own - own_partition + partner_partition[n];
            scores[w] -= p[n].weight * other;
        }
        scores[w] /= params.temperature;
    }
    return scores;
}

int draw(const std::vector<double> & scores, const StepParams & params, uint64_t uniform) {
    const double best = *std::max_element(scores.begin(), scores.end());
    std::vector<uint64_t> masses(scores.size());
    for (size_t w = 0; w < scores.size(); ++w) {
        masses[w] = static_cast<uint64_t>(std::floor(std::exp(scores[w] - best) * 1099511627776.0));
    }
    const uint64_t total = std::accumulate(masses.begin(), masses.end(), uint64_t{0});
    std::vector<int> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return scores[a] > scores[b]; });

    size_t n = 0;
    uint64_t reached = 0;
    while (n < order.size() && static_cast<double>(reached) < params.top_p * static_cast<double>(total)) {
        reached += masses[order[n++]];
    }
    if (params.top_k > 0) n = std::min(n, static_cast<size_t>(params.top_k));
    const double threshold = scores[order[n - 1]];

    uint64_t kept = 0;
    for (size_t w = 0; w < scores.size(); ++w) kept += scores[w] >= threshold ? masses[w] : 0;
    const uint64_t drawn = multiply_high(uniform, kept);
    uint64_t cumulative = 0;
    for (size_t w = 0; w < scores.size(); ++w) {
        if (scores[w] >= threshold) cumulative += masses[w];
        if (cumulative > drawn) return static_cast<int>(w);
    }
    return -1;
}

}  // namespace

void reference_step(const StepParams & params, const TokenMask & mask, const StepInput & input, int32_t * tokens) {
    for (int m = 0; m < input.logits.n_rows; ++m) {
        tokens[m] = -1;
        if (!input.draws[m]) continue;
        const uint64_t uniform = uniform_bits(params.seed, input.group, static_cast<uint32_t>(m), input.step);
        tokens[m] = draw(scores_of(params, mask, input, m), params, uniform);
    }
}

}  // namespace corrsynth
