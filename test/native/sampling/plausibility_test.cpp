#include "sampling/plausibility.h"

#include <doctest/doctest.h>

#include <algorithm>

#include <cfloat>

#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

constexpr double kNoMask = -std::numeric_limits<double>::infinity();  // ln 0

std::vector<int32_t> survivors(const std::vector<float> & logits, double log_alpha, const TokenMask & mask = {}) {
    const int n_vocab = static_cast<int>(logits.size());
    std::vector<float> block_max(n_blocks(n_vocab));
    std::vector<int32_t> out(n_vocab);
    const float best = scan_row(logits.data(), n_vocab, mask, block_max.data());
    const float threshold = plausibility_threshold(best, log_alpha);
    out.resize(plausible_tokens(logits.data(), n_vocab, mask, block_max.data(), threshold, out.data()));
    return out;
}

std::vector<int32_t> naive(const std::vector<float> & logits, double log_alpha, const TokenMask & mask) {
    double best = kNoMask;
    for (size_t w = 0; w < logits.size(); ++w) {
        if (!mask.is_banned(static_cast<int>(w))) best = std::max(best, static_cast<double>(logits[w]));
    }
    std::vector<int32_t> out;
    for (int32_t w = 0; w < static_cast<int32_t>(logits.size()); ++w) {
        if (!mask.is_banned(w) && std::isfinite(logits[w]) && static_cast<double>(logits[w]) >= best + log_alpha)
            out.push_back(w);
    }
    return out;
}

// A row given by probabilities, as the tables read best.
void check_plausible(std::vector<float> probs, double alpha, const std::vector<int32_t> & expected) {
    for (float & p : probs) p = std::log(p);
    CHECK(survivors(probs, std::log(alpha)) == expected);
}

float scan(const std::vector<float> & logits, const TokenMask & mask = {}) {
    std::vector<float> block_max(n_blocks(static_cast<int>(logits.size())));
    return scan_row(logits.data(), static_cast<int>(logits.size()), mask, block_max.data());
}

}  // namespace

TEST_CASE("a token survives when it is at least alpha times as likely as the best one (eq. 14)") {
    //               own distribution           alpha  survivors
    check_plausible({0.50f, 0.40f, 0.06f, 0.04f}, 0.1, {0, 1, 2});
    check_plausible({0.25f, 0.25f, 0.25f, 0.25f}, 1.0, {0, 1, 2, 3});  // ties all stay
    check_plausible({0.97f, 0.01f, 0.01f, 0.01f}, 0.0, {0, 1, 2, 3});  // alpha 0 turns it off
    check_plausible({0.10f, 0.20f, 0.50f, 0.20f}, 1.0, {2});           // alpha 1: only the mode
    check_plausible({0.50f, 0.00f, 0.50f, 0.00f}, 0.0, {0, 2});        // probability 0 never survives, also at alpha 0
}

TEST_CASE("a banned token neither survives nor counts as the best") {
    const TokenMask mask(4, {0}, {});
    CHECK(survivors({9.0f, 1.0f, 0.5f, -8.0f}, std::log(0.5), mask) == std::vector<int32_t>{1, 2});
    CHECK(survivors({9.0f, 1.0f, 0.5f, -8.0f}, kNoMask, mask) == std::vector<int32_t>{1, 2, 3});
    CHECK(survivors({9.0f, -kInfinity, -kInfinity, -kInfinity}, kNoMask, mask).empty());
}

TEST_CASE("no token survives where every logit is -inf") {
    CHECK(survivors(std::vector<float>(300, -kInfinity), kNoMask).empty());
    CHECK(survivors(std::vector<float>(300, -kInfinity), 0.0).empty());
    CHECK(scan(std::vector<float>(300, -kInfinity)) == -kInfinity);
}

TEST_CASE("a NaN or +inf anywhere in a row shows in what the scan returns") {
    for (const int n_vocab : {1, 5, 255, 256, 257, 1000}) {
        for (const int at : {0, n_vocab / 2, n_vocab - 1}) {
            std::vector<float> logits(n_vocab, 1.0f);
            logits[at] = kNan;
            CHECK(std::isnan(scan(logits)));
            CHECK(std::isnan(scan(logits, TokenMask(n_vocab, {at}, {}))));  // a NaN is an error wherever it stands
            logits[at] = kInfinity;
            CHECK(scan(logits) == kInfinity);
            logits[n_vocab - 1 - at] = kNan;
            CHECK(std::isnan(scan(logits)));
        }
    }
}

TEST_CASE("block maxima are those of their 256 tokens, banned ones left out") {
    Random random(3);
    const int n_vocab = 1000;
    const std::vector<float> logits = random_logits(random, n_vocab, 4);
    const TokenMask mask(n_vocab, {10, 300, 999}, {});
    std::vector<float> block_max(n_blocks(n_vocab));
    const float best = scan_row(logits.data(), n_vocab, mask, block_max.data());
    float all = -kInfinity;
    for (int b = 0; b < n_blocks(n_vocab); ++b) {
        float expected = -kInfinity;
        for (int w = b * kBlock; w < std::min(n_vocab, (b + 1) * kBlock); ++w) {
            if (!mask.is_banned(w)) expected = std::max(expected, logits[w]);
        }
        CHECK(block_max[b] == expected);
        all = std::max(all, expected);
    }
    CHECK(best == all);
}

TEST_CASE("the float threshold is the smallest float that satisfies the float64 comparison") {
    CHECK(plausibility_threshold(3.25f, 0.0) == 3.25f);
    CHECK(plausibility_threshold(3.25f, kNoMask) == -FLT_MAX);
    CHECK(plausibility_threshold(-kInfinity, kNoMask) == -FLT_MAX);
    CHECK(plausibility_threshold(-3e38f, -1e308) == -FLT_MAX);
    Random random(4);
    int wrong = 0;
    for (int i = 0; i < 100000; ++i) {
        const float best = static_cast<float>(random.bell() * std::exp(random.bell() * 4));
        const double log_alpha = std::log(random.chance(0.5) ? random.uniform() : 0.001);
        const double exact = static_cast<double>(best) + log_alpha;
        const float threshold = plausibility_threshold(best, log_alpha);
        wrong += !(static_cast<double>(threshold) >= exact);
        wrong += !(static_cast<double>(std::nextafterf(threshold, -kInfinity)) < exact);
    }
    CHECK(wrong == 0);
}

TEST_CASE("a logit on the border is in, the next float below it is out") {
    for (const float best : {0.0f, 1.0f, 17.3f, -250.125f}) {
        const float border = plausibility_threshold(best, std::log(1e-3));
        const float below = std::nextafterf(border, -kInfinity), above = std::nextafterf(border, kInfinity);
        CHECK(survivors({best, below, border, above}, std::log(1e-3)) == std::vector<int32_t>{0, 2, 3});
    }
}

TEST_CASE("on random rows the survivors are those of a plain loop in float64") {
    Random random(5);
    for (const int n_vocab : {1, 5, 111, 255, 256, 257, 512, 32064}) {
        const int repeats = n_vocab > 1000 ? 8 : 60;
        for (int i = 0; i < repeats; ++i) {
            const double quantum = random.pick<double>({0, 0.25, 2});
            const auto logits = random_logits(random, n_vocab, random.pick<double>({0.5, 4, 30}), quantum,
                                              random.pick<double>({0, 0.1, 0.9}));
            std::vector<int32_t> banned;
            if (random.chance(0.5)) {
                for (int w = 0; w < n_vocab; ++w) {
                    if (random.chance(0.01)) banned.push_back(w);
                }
            }
            const TokenMask mask = banned.empty() ? TokenMask() : TokenMask(n_vocab, banned, {});
            const double log_alpha = std::log(random.pick<double>({0, 1e-6, 1e-3, 0.1, 1}));
            CHECK(survivors(logits, log_alpha, mask) == naive(logits, log_alpha, mask));
        }
    }
}
