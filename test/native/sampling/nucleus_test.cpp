#include "sampling/nucleus.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "sampling/fixed_math.h"
#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

constexpr uint64_t kTop = ~uint64_t{0};
constexpr double kAll = 1.0;

int draw(const std::vector<double> & scores, double top_p, int top_k, uint64_t uniform) {
    NucleusScratch scratch(static_cast<int>(scores.size()));
    return draw_from_nucleus(scores.data(), static_cast<int>(scores.size()), top_p, top_k, uniform, scratch);
}

// Candidates that can be drawn: found by 4096 evenly spaced numbers and the last one.
std::vector<int> drawable(const std::vector<double> & scores, double top_p, int top_k) {
    std::vector<int> out;
    for (int i = 0; i < 4096; ++i) out.push_back(draw(scores, top_p, top_k, static_cast<uint64_t>(i) << 52));
    out.push_back(draw(scores, top_p, top_k, kTop));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void check_nucleus(const std::vector<double> & probs, double top_p, int top_k, const std::vector<int> & expected) {
    std::vector<double> scores;
    for (const double p : probs) scores.push_back(std::log(p));
    CHECK(drawable(scores, top_p, top_k) == expected);
}

// The same by a full sort and a plain search.
int naive(const std::vector<double> & scores, double top_p, int top_k, uint64_t uniform) {
    std::vector<double> order = scores;
    std::sort(order.begin(), order.end(), std::greater<double>());
    uint64_t total = 0, reached = 0, kept = 0, cumulative = 0;
    for (const double s : scores) total += mass(s, order[0]);
    size_t n = 0;
    while (reached < mass_target(top_p, total)) reached += mass(order[n++], order[0]);
    if (top_k > 0) n = std::min(n, static_cast<size_t>(top_k));
    const double threshold = order[n - 1];
    for (const double s : scores) kept += s >= threshold ? mass(s, order[0]) : 0;
    for (size_t i = 0; i < scores.size(); ++i) {
        if (scores[i] >= threshold) cumulative += mass(scores[i], order[0]);
        if (cumulative > multiply_high(uniform, kept)) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace

TEST_CASE("the nucleus is the fewest most likely tokens whose mass reaches p") {
    //             probabilities                  p     k  nucleus
    check_nucleus({0.50, 0.30, 0.15, 0.05}, 0.7, 0, {0, 1});
    check_nucleus({0.05, 0.15, 0.30, 0.50}, 0.7, 0, {2, 3});  // in any order
    check_nucleus({0.50, 0.30, 0.15, 0.05}, 0.81, 0, {0, 1, 2});
    check_nucleus({0.50, 0.30, 0.15, 0.05}, kAll, 0, {0, 1, 2, 3});
    check_nucleus({0.50, 0.30, 0.15, 0.05}, 1e-9, 0, {0});
    check_nucleus({5, 3, 1.5, 0.5}, 0.7, 0, {0, 1});  // scores need not be normalised
    check_nucleus({1}, 0.9, 0, {0});
}

TEST_CASE("a nucleus whose mass is p to the last bit is enough") {
    const uint64_t best = mass(0, 0), total = best + mass(-0.01, 0);
    const double p = std::nextafter(static_cast<double>(best) / static_cast<double>(total), 0.0);
    REQUIRE(mass_target(p, total) == best);
    CHECK(drawable({0, -0.01}, p, 0) == std::vector<int>{0});
    const double more = static_cast<double>(best + 1) / static_cast<double>(total);
    CHECK(drawable({0, -0.01}, more, 0) == std::vector<int>{0, 1});
}

TEST_CASE("tokens as likely as the last one that the nucleus needs are all in it") {
    check_nucleus({0.25, 0.25, 0.25, 0.25}, 0.25, 0, {0, 1, 2, 3});
    check_nucleus({0.4, 0.2, 0.2, 0.2}, 0.5, 0, {0, 1, 2, 3});
    check_nucleus({0.4, 0.3, 0.3, 0.0001}, 0.6, 0, {0, 1, 2});
}

TEST_CASE("top-k keeps of the nucleus those at least as likely as its k-th best") {
    check_nucleus({0.40, 0.30, 0.20, 0.10}, kAll, 1, {0});
    check_nucleus({0.40, 0.30, 0.20, 0.10}, kAll, 3, {0, 1, 2});
    check_nucleus({0.40, 0.30, 0.20, 0.10}, kAll, 99, {0, 1, 2, 3});
    check_nucleus({0.40, 0.30, 0.20, 0.10}, 0.6, 3, {0, 1});  // the nucleus comes first
    check_nucleus({0.40, 0.20, 0.20, 0.20}, kAll, 2, {0, 1, 2, 3});
}

TEST_CASE("a token of less than 2^-40 of the best one's probability is never drawn, also at p = 1") {
    CHECK(drawable({0, -28, -1000, -3e38}, kAll, 0) == std::vector<int>{0});
    CHECK(drawable({-28, 0, -28}, kAll, 0) == std::vector<int>{1});
    CHECK(draw({-27.72, 0, -27.72}, kAll, 0, 0) == 0);     // mass 1 of 2^40 + 2: drawn by the least
    CHECK(draw({-27.72, 0, -27.72}, kAll, 0, kTop) == 2);  // and by the greatest number
}

TEST_CASE("the draw is the first token, in the order given, whose cumulative mass exceeds u times the mass kept") {
    const uint64_t half = uint64_t{1} << 63;
    CHECK(draw({0, 0}, kAll, 0, 0) == 0);
    CHECK(draw({0, 0}, kAll, 0, half - 1) == 0);
    CHECK(draw({0, 0}, kAll, 0, half) == 1);
    CHECK(draw({0, 0}, kAll, 0, kTop) == 1);
    CHECK(draw({-9, 0, -9, 0}, 0.9, 0, half - 1) == 1);  // what is outside the nucleus takes no room
    CHECK(draw({-9, 0, -9, 0}, 0.9, 0, half) == 3);
    for (int i = 0; i < 1000; ++i) {
        CHECK(draw(std::vector<double>(1000, 2.5), 0.5, 0, kTop / 1000 * i + kTop / 2000) == i);  // all tied: all in
    }
}

TEST_CASE("scores of any magnitude give what the same scores near 0 give") {
    const std::vector<double> scores = {0.5, -1, 0.25, -3, 0};
    for (const double shift : {1024.0, -1048576.0}) {
        std::vector<double> shifted = scores;
        for (double & s : shifted) s += shift;
        for (int i = 0; i < 64; ++i) {
            const uint64_t uniform = static_cast<uint64_t>(i) << 58;
            CHECK(draw(shifted, 0.9, 0, uniform) == draw(scores, 0.9, 0, uniform));
        }
    }
}

TEST_CASE("on random scores the draw is that of a full sort") {
    Random random(9);
    int wrong = 0;
    for (const int n : {1, 2, 5, 100, 511, 512, 513, 3000}) {
        for (int i = 0; i < (n > 200 ? 100 : 1000); ++i) {
            const double spread = random.pick<double>({0.01, 1, 4, 40}), quantum = random.pick<double>({0, 0.0625, 1});
            const std::vector<float> values = random_logits(random, n, spread, quantum);
            const std::vector<double> scores(values.begin(), values.end());
            const double top_p = random.pick<double>({1e-6, 0.1, 0.5, 0.9, 0.999999, 1});
            const int top_k = random.pick<int>({0, 0, 1, 2, 40, 1000});
            const uint64_t uniform = random.pick<uint64_t>({0, kTop, random.bits(), random.bits(), random.bits()});
            wrong += draw(scores, top_p, top_k, uniform) != naive(scores, top_p, top_k, uniform);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("one scratch serves draws of different sizes one after the other") {
    NucleusScratch scratch(1000);
    Random random(10);
    for (const int n : {1000, 3, 700, 1, 1000}) {
        const std::vector<float> values = random_logits(random, n, 3);
        const std::vector<double> scores(values.begin(), values.end());
        const uint64_t uniform = random.bits();
        CHECK(draw_from_nucleus(scores.data(), n, 0.9, 0, uniform, scratch) == naive(scores, 0.9, 0, uniform));
    }
}
