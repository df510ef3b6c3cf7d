#include "sampling/ending.h"

#include <doctest/doctest.h>

#include "sampling/step_case.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

using Tokens = std::vector<int32_t>;

// What is drawn of a row with these probabilities, and the tokens that are left where it goes on.
void check_ending(const std::vector<double> & own, const Tokens & end, Tokens plausible, double u, int32_t expected,
                  const Tokens & left = {}) {
    std::vector<float> logits;
    for (const double p : own) logits.push_back(static_cast<float>(std::log(p)));
    int n = static_cast<int>(plausible.size());
    const float best = *std::max_element(logits.begin(), logits.end());
    const TokenMask mask(static_cast<int>(own.size()), {}, end);
    CHECK(draw_ending(logits.data(), best, mask, static_cast<uint64_t>(u * 0x1p64), plausible.data(), n) == expected);
    if (expected < 0) CHECK(Tokens(plausible.begin(), plausible.begin() + n) == left);
}

// A step of 8 rows with ends of every likelihood, coupled as in Cross.
StepCase coupled_case(Random & random, double spread) {
    StepCase c(8, 300, random_logits(random, size_t{8} * 300, spread));
    c.couple_all(random.pick<double>({0, 0.4, 0.9}));
    for (uint8_t & a : c.active) a = random.chance(0.8);
    c.params.seed = random.bits();
    c.params.top_k = random.pick<int>({0, 0, 5});
    c.params.alpha = random.pick<double>({1e-3, 0.1, 0});
    c.mask = TokenMask(300, {}, {5, 77, 78, 299});
    return c;
}

}  // namespace

TEST_CASE("a row ends where the number is below the share of its end tokens, by the most likely of them") {
    const std::vector<double> own = {0.5, 0.25, 0.125, 0.125};
    //                ends       T_m           u     drawn  left
    check_ending(own, {3}, {0, 1, 2, 3}, 0.124, 3);
    check_ending(own, {3}, {0, 1, 2, 3}, 0.126, -1, {0, 1, 2});
    check_ending(own, {2, 3}, {0, 1, 2, 3}, 0.249, 2);  // the first of two that are as likely
    check_ending(own, {2, 3}, {0, 1, 2, 3}, 0.251, -1, {0, 1});
    check_ending(own, {1, 3}, {0, 1, 2, 3}, 0.374, 1);
    check_ending(own, {0}, {0, 1, 2, 3}, 0.501, -1, {1, 2, 3});
    check_ending(own, {3}, {0, 3}, 0.199, 3);                    // 0.125 of 0.625
    check_ending(own, {3}, {0, 3}, 0.201, -1, {0});              //
    check_ending(own, {3}, {0, 1}, 0.0, -1, {0, 1});             // what is not plausible ends nothing
    check_ending(own, {}, {0, 1, 2, 3}, 0.0, -1, {0, 1, 2, 3});  //
    check_ending(own, {0, 1}, {0, 1}, 0.999999, 0);              // there is nothing to go on with
    check_ending({1, 1e-30}, {0}, {0, 1}, 0.999999, 0);          // nor here: the other has no mass
    check_ending({1e-30, 1}, {0}, {0, 1}, 0.0, -1, {1});
}

TEST_CASE("where ends are contrasted, no token depends on which of them end a text") {
    Random random(71);
    for (int i = 0; i < 300; ++i) {
        StepCase c = coupled_case(random, 2);
        const std::vector<int32_t> tokens = run_step(c).tokens;
        c.mask = {};
        CHECK(run_step(c).tokens == tokens);
    }
}

TEST_CASE("where ends are kept, a row that has no plausible end draws the token that it draws where they are not") {
    Random random(72);
    int n_rows = 0;
    for (int i = 0; i < 300; ++i) {
        StepCase c = coupled_case(random, 4);
        c.params.alpha = 0.1;
        const std::vector<int32_t> contrasted = run_step(c).tokens;
        c.params.keeps_ends = true;
        const std::vector<int32_t> kept = run_step(c).tokens;
        for (int m = 0; m < c.n_rows; ++m) {
            const float * l = c.row(m);
            const float least = *std::max_element(l, l + c.n_vocab) + static_cast<float>(std::log(0.1));
            if (!c.active[m] || l[5] > least || l[77] > least || l[78] > least || l[299] > least) continue;
            ++n_rows;
            CHECK(kept[m] == contrasted[m]);
        }
    }
    CHECK(n_rows > 500);
}

TEST_CASE("whether a row ends depends on its own logits and name alone: not on coupling, partners, heat or nucleus") {
    Random random(73);
    int n_ended = 0;
    for (int i = 0; i < 300; ++i) {
        StepCase c = coupled_case(random, 1);
        c.params.keeps_ends = true;
        const std::vector<int32_t> first = run_step(c).tokens;
        c.couple_all(0.2);
        c.gamma = 1.5;
        c.params.temperature = 3;
        c.params.top_p = 0.2;
        c.params.top_k = 0;
        const std::vector<int32_t> second = run_step(c).tokens;
        for (int m = 0; m < c.n_rows; ++m) {
            if (!c.active[m]) continue;
            CHECK(c.mask.is_end(first[m]) == c.mask.is_end(second[m]));
            if (!c.mask.is_end(first[m])) continue;
            ++n_ended;
            CHECK(first[m] == second[m]);
        }
    }
    CHECK(n_ended > 10);
}

TEST_CASE("a row ends as often as its own distribution has it, and goes on as the contrast has it without the ends") {
    Random random(74);
    for (const double alpha : {0.0, 0.1}) {
        StepCase c = coupled_case(random, 1.5);
        c.active.assign(8, 1);
        c.params.alpha = alpha;
        c.params.keeps_ends = true;
        for (const int32_t w : {5, 77, 78, 299}) c.row(0)[w] = w == 78 ? 2.5f : 2.0f;
        const float * l = c.row(0);
        const double best = *std::max_element(l, l + c.n_vocab);
        double all = 0, ending = 0;
        for (int w = 0; w < c.n_vocab; ++w) {
            if (l[w] < best + std::log(alpha)) continue;
            all += std::exp(l[w]);
            if (c.mask.is_end(w)) ending += std::exp(l[w]);
        }
        constexpr int kSteps = 20000;
        int n_ended = 0;
        StepScratch scratch(c.n_rows, c.n_vocab);
        for (c.step = 0; c.step < kSteps; ++c.step) {
            const int32_t token = run_step(c, c.view(), scratch).tokens[0];
            n_ended += c.mask.is_end(token);
            if (c.mask.is_end(token)) CHECK(token == 78);
        }
        CHECK(chi_square({n_ended, kSteps - n_ended}, {ending / all, 1 - ending / all}).statistic <
              chi_square_limit(1));
    }
}
