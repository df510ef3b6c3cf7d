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

bool is_plausible(const StepParams & params, const TokenMask & mask, double own, double best, int w) {
    return !mask.is_banned(w) && (params.alpha == 0 ? own > kNone : own >= best + std::log(params.alpha));
}

uint64_t mass_of(double score, double best) {
    return static_cast<uint64_t>(std::floor(std::exp(score - best) * 1099511627776.0));
}

// The most likely end token of T_m where the row ends: with the probability that end tokens have within T_m. Else -1.
int ending(const StepParams & params, const TokenMask & mask, const StepInput & input, int m) {
    const LogitsView & logits = input.logits;
    const double best = best_logit(logits, m, mask);
    uint64_t all = 0, ends = 0;
    int likeliest = -1;
    for (int w = 0; w < logits.n_vocab; ++w) {
        const double own = logits.row(m)[w];
        if (!is_plausible(params, mask, own, best, w)) continue;
        all += mass_of(own, best);
        if (!mask.is_end(w)) continue;
        ends += mass_of(own, best);
        if (likeliest < 0 || own > logits.row(m)[likeliest]) likeliest = w;
    }
    const uint64_t uniform = ending_bits(params.seed, input.group, static_cast<uint32_t>(m), input.step);
    return multiply_high(uniform, all) < ends ? likeliest : -1;
}

// s_m(w) of eq. 13 over T, or -inf outside the plausible set.
std::vector<double> scores_of(const StepParams & params, const TokenMask & mask, const StepInput & input, int m) {
    const LogitsView & logits = input.logits;
    const double best = best_logit(logits, m, mask);
    std::vector<double> partner_best;
    for (const Partner * p = input.weights->begin(m); p != input.weights->end(m); ++p) {
        partner_best.push_back(best_logit(logits, p->row, mask));
    }
    std::vector<double> scores(logits.n_vocab, kNone);
    for (int w = 0; w < logits.n_vocab; ++w) {
        const double own = logits.row(m)[w];
        if (!is_plausible(params, mask, own, best, w)) continue;
        if (params.keeps_ends && mask.is_end(w)) continue;  // whether the row ends is drawn before
        scores[w] = input.weights->own[m] * own;
        const Partner * p = input.weights->begin(m);
        for (size_t n = 0; n < partner_best.size(); ++n) {
            scores[w] -= p[n].weight * std::max<double>(logits.row(p[n].row)[w], partner_best[n] - kPartnerFloor);
        }
        scores[w] /= params.temperature;
    }
    return scores;
}

int draw(const std::vector<double> & scores, const StepParams & params, uint64_t uniform) {
    const double best = *std::max_element(scores.begin(), scores.end());
    std::vector<uint64_t> masses(scores.size());
    for (size_t w = 0; w < scores.size(); ++w) masses[w] = mass_of(scores[w], best);
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

double log_partition_of(const float * logits, int n_vocab) {
    double best = kNone, sum = 0;
    for (int w = 0; w < n_vocab; ++w) best = std::max(best, static_cast<double>(logits[w]));
    for (int w = 0; w < n_vocab; ++w) sum += std::exp(logits[w] - best);
    return best + std::log(sum);
}

// Where each row lies once the partners in the second matrix have their layers.
std::vector<int> rows_of_layers(const StepInput & input) {
    const LogitsView & logits = input.logits;
    std::vector<int> out(logits.n_rows);
    for (int m = 0; m < logits.n_rows; ++m) out[m] = logits.row_index ? logits.row_index[m] : m;
    for (int m = 0; m < logits.n_rows; ++m) {
        for (const Partner * p = input.weights->begin(m); input.draws[m] && p != input.weights->end(m); ++p) {
            if (!logits.is_second(p->row)) continue;
            double farthest = -1;
            const int first = out[p->row];
            for (int index = first; index < first + input.n_layers * input.layer_rows; index += input.layer_rows) {
                const float * early = logits.second_data + index * logits.second_stride;
                const double divergence = reference_divergence(logits.row(m), early, logits.n_vocab);
                if (divergence > farthest) farthest = divergence, out[p->row] = index;
            }
        }
    }
    return out;
}

}  // namespace

double reference_divergence(const float * a, const float * b, int n_vocab) {
    const double all_a = log_partition_of(a, n_vocab), all_b = log_partition_of(b, n_vocab);
    double sum = 0;
    for (int w = 0; w < n_vocab; ++w) {
        const double p = std::exp(a[w] - all_a), q = std::exp(b[w] - all_b), middle = (p + q) / 2;
        if (p > 0) sum += p * std::log(p / middle) / 2;
        if (q > 0) sum += q * std::log(q / middle) / 2;
    }
    return sum;
}

void reference_step(const StepParams & params, const TokenMask & mask, const StepInput & given, int32_t * tokens) {
    StepInput input = given;
    const std::vector<int> row_index = rows_of_layers(given);
    if (given.n_layers > 1) input.logits.row_index = row_index.data();
    for (int m = 0; m < input.logits.n_rows; ++m) {
        tokens[m] = -1;
        if (!input.draws[m]) continue;
        if (params.keeps_ends) tokens[m] = ending(params, mask, input, m);
        if (tokens[m] >= 0) continue;
        const uint64_t uniform = uniform_bits(params.seed, input.group, static_cast<uint32_t>(m), input.step);
        tokens[m] = draw(scores_of(params, mask, input, m), params, uniform);
    }
}

}  // namespace corrsynth
