#include "sampling/trace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sampling/contrast.h"
#include "sampling/fixed_math.h"
#include "sampling/log_partition.h"
#include "sampling/plausibility.h"
#include "sampling/step_parts.h"

namespace corrsynth {
namespace {

// Of the plausible set, by place: scores as the draw has them, the tokens that may be drawn alone.
struct Candidates {
    std::vector<int32_t> tokens;
    std::vector<double> scores;  // before temperature
    std::vector<double> heated;
    std::vector<uint64_t> masses;
    std::vector<uint8_t> is_kept;  // within the nucleus
};

uint64_t sum(const std::vector<uint64_t> & masses) {
    return std::accumulate(masses.begin(), masses.end(), uint64_t{0});
}

// The nucleus as draw_from_nucleus has it, by a full sort.
double nucleus_threshold(const Candidates & c, double top_p, int top_k) {
    std::vector<int> order(c.heated.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return c.heated[a] > c.heated[b]; });
    const uint64_t target = mass_target(top_p, sum(c.masses));
    size_t n = 0;
    for (uint64_t reached = 0; n < order.size() && reached < target;) reached += c.masses[order[n++]];
    if (top_k > 0) n = std::min(n, static_cast<size_t>(top_k));
    return c.heated[order[n - 1]];
}

Candidates candidates_of(const StepParams & params, const LogitsView & logits, int row, const ContrastWeights & weights,
                         const std::vector<float> & best, std::vector<int32_t> tokens) {
    Candidates c;
    c.tokens = std::move(tokens);
    const int n = static_cast<int>(c.tokens.size());
    c.scores.resize(n);
    contrast_scores(logits, row, weights, best.data(), c.tokens.data(), n, c.scores.data());
    c.heated = c.scores;
    heat(c.heated.data(), n, params.temperature);
    const double top = *std::max_element(c.heated.begin(), c.heated.end());
    for (const double score : c.heated) c.masses.push_back(mass(score, top));
    const double threshold = nucleus_threshold(c, params.top_p, params.top_k);
    for (const double score : c.heated) c.is_kept.push_back(score >= threshold);
    return c;
}

// ln of the sum of exp(s / T).
double log_sum(const std::vector<double> & scores, double temperature) {
    const double top = *std::max_element(scores.begin(), scores.end());
    double total = 0;
    for (const double score : scores) total += std::exp((score - top) / temperature);
    return top / temperature + std::log(total);
}

// The n largest of those with a key, best first; the first of equals first.
template <typename Key>
std::vector<int32_t> largest(const std::vector<int32_t> & tokens, int n, Key && key) {
    std::vector<int32_t> out;
    for (const int32_t token : tokens) {
        const auto place = std::find_if(out.begin(), out.end(), [&](int32_t other) { return key(token) > key(other); });
        if (place == out.end() && static_cast<int>(out.size()) == n) continue;
        out.insert(place, token);
        if (static_cast<int>(out.size()) > n) out.pop_back();
    }
    return out;
}

}  // namespace

void trace_step(const StepParams & params, const TokenMask & mask, const StepInput & input, int row, int32_t token,
                int n_likely, StepTrace & out) {
    out = {};
    out.token = token;
    std::vector<int> row_index(input.logits.n_rows);
    const LogitsView logits = with_layers(input, row_index.data());
    const int n_vocab = logits.n_vocab;
    const ContrastWeights & weights = *input.weights;
    const Partner *first = weights.begin(row), *last = weights.end(row);

    std::vector<float> best(logits.n_rows), block_max(n_blocks(n_vocab));
    std::vector<double> partition(logits.n_rows);
    const auto scan = [&](int m) {
        best[m] = scan_row(logits.row(m), n_vocab, mask, block_max.data());
        partition[m] = log_partition(logits.row(m), n_vocab, best[m]);
    };
    for (const Partner * p = first; p != last; ++p) scan(p->row);
    scan(row);  // last: its block_max is that of the plausible set
    const float * own = logits.row(row);
    const auto log_own = [&](int32_t w) { return static_cast<double>(own[w]) - partition[row]; };

    const double log_alpha = params.alpha > 0 ? std::log(params.alpha) : -std::numeric_limits<double>::infinity();
    std::vector<int32_t> plausible(n_vocab);
    plausible.resize(plausible_tokens(own, n_vocab, mask, block_max.data(),
                                      plausibility_threshold(best[row], log_alpha), plausible.data()));
    out.n_plausible = static_cast<int>(plausible.size());

    // whether the row ends is drawn before everything else
    double ends = 0;  // probability
    int32_t likeliest_end = -1;
    std::vector<int32_t> open;  // tokens that the row goes on with
    if (params.keeps_ends) {
        uint64_t all = 0, ending = 0;
        for (const int32_t w : plausible) {
            all += mass(own[w], best[row]);
            if (!mask.is_end(w)) {
                open.push_back(w);
                continue;
            }
            ending += mass(own[w], best[row]);
            if (likeliest_end < 0 || own[w] > own[likeliest_end]) likeliest_end = w;
        }
        ends = static_cast<double>(ending) / static_cast<double>(all);
    } else {
        open = plausible;
    }
    out.is_kept_end = token == likeliest_end;

    // s(w) = (own_m - sum of the weights) ln p_m(w) + sum of the pushes + constant
    double constant = weights.own[row] * partition[row];
    out.exponent = weights.own[row];
    const std::vector<int32_t> & rivals = open.empty() ? plausible : open;
    for (const Partner * p = first; p != last; ++p) {
        const double floor = static_cast<double>(best[p->row]) - kPartnerFloor;
        const auto ratio = [&](int32_t w) {
            return log_own(w) - (std::max(static_cast<double>(logits.row(p->row)[w]), floor) - partition[p->row]);
        };
        double sum = 0, share = 0;
        for (const int32_t w : rivals) {
            const double probability = std::exp(log_own(w));
            sum += probability * ratio(w);
            share += probability;
        }
        const double mean = sum / share;
        PartnerPush push{p->row, -1, p->weight, p->weight * (ratio(token) - mean)};
        if (input.layer_rows > 0 && logits.is_second(p->row)) {
            const int at = input.logits.row_index ? input.logits.row_index[p->row] : p->row;
            push.layer = input.n_layers == 1 ? 0 : (row_index[p->row] - at) / input.layer_rows;
        }
        out.exponent -= p->weight;
        constant += p->weight * (mean - partition[p->row]);
        if (!out.is_kept_end) out.pushes.push_back(push);
    }

    Candidates c;
    double log_total = 0;
    uint64_t kept = 0;
    if (!open.empty()) {
        c = candidates_of(params, logits, row, weights, best, std::move(open));
        log_total = log_sum(c.scores, params.temperature);
        for (size_t i = 0; i < c.tokens.size(); ++i) kept += c.is_kept[i] ? c.masses[i] : 0;
    }
    out.n_nucleus = static_cast<int>(std::count(c.is_kept.begin(), c.is_kept.end(), 1));
    out.log_scale = log_total - constant / params.temperature - std::log1p(-ends);

    const auto place = [&](int32_t w) {
        const auto at = std::lower_bound(c.tokens.begin(), c.tokens.end(), w);
        return at != c.tokens.end() && *at == w ? static_cast<int>(at - c.tokens.begin()) : -1;
    };
    const auto share_of = [&](int32_t w) {
        TokenShare share{w, std::exp(log_own(w)), w == likeliest_end ? ends : 0.0};
        const int i = place(w);
        if (i >= 0) share.contrasted = (1 - ends) * std::exp(c.scores[i] / params.temperature - log_total);
        return share;
    };
    const TokenShare drawn = share_of(token);
    out.own = drawn.own;
    out.contrasted = drawn.contrasted;
    const int i = place(token);
    const bool is_in = i >= 0 && c.is_kept[i];
    out.drawn = out.is_kept_end ? ends
                : is_in         ? (1 - ends) * static_cast<double>(c.masses[i]) / static_cast<double>(kept)
                                : 0;

    std::vector<int32_t> all;
    for (int32_t w = 0; w < n_vocab; ++w) {
        if (!mask.is_banned(w)) all.push_back(w);
    }
    for (const int32_t w : largest(all, n_likely, [&](int32_t w) { return own[w]; })) out.likely.push_back(share_of(w));
    for (const int32_t w : largest(plausible, n_likely, [&](int32_t w) { return share_of(w).contrasted; }))
        out.contrasts.push_back(share_of(w));
}

}  // namespace corrsynth
