// Rows whose partner lies in a second matrix of logits: contrastive decoding, a guide, early layers.
#include <doctest/doctest.h>

#include <cmath>

#include "sampling/contrast_norm.h"
#include "sampling/step_case.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// Rows 0..n-1 draw; row n + m of the second matrix is row m's partner of weight `second`, on top of what the rows of
// the first matrix are to each other.
StepCase with_second(Random & random, int n, int n_vocab, double gamma, double second, double spread = 3) {
    StepCase c(2 * n, n_vocab, random_logits(random, static_cast<size_t>(2 * n) * n_vocab, spread));
    c.n_drawn = n;
    c.gamma = gamma;
    for (int m = 0; m < n; ++m) c.weight(m, n + m) = second;
    c.params.seed = random.bits();
    return c;
}

void second_is_own(StepCase & c) {
    for (int m = 0; m < c.n_drawn; ++m) std::copy_n(c.row(m), c.n_vocab, c.row(c.n_drawn + m));
}

std::vector<int32_t> drawn(const StepCase & c, Random & random) {
    const TwoMatrices matrices(c, random);
    StepScratch scratch(c.n_rows, c.n_vocab);
    const StepOutcome out = run_step(c, matrices.view(), scratch);
    REQUIRE(out.is_ok());
    return {out.tokens.begin(), out.tokens.begin() + c.n_drawn};
}

std::vector<int32_t> fewgen(StepCase c, double temperature, Random & random) {
    std::fill(c.matrix.begin(), c.matrix.end(), 0.0);
    c.gamma = 1;
    c.params.temperature = temperature;
    return drawn(c, random);
}

}  // namespace

TEST_CASE("the score of a token is its own logit times gamma less the weighted second one") {
    struct Row {
        const char * method;
        double gamma, second;
        std::vector<double> scores;  // of own {4, 2, 0} and second {1, 3, -2}
    };
    const std::vector<Row> table = {
        {"contrastive, gamma 1, delta 0", 1, 1, {3, -1, 2}},
        {"contrastive, gamma 1.5, delta 1", 1.5, 0.5, {5.5, 1.5, 1}},
        {"contrastive, gamma 1, delta 0, amateur at temperature 2", 1, 0.5, {3.5, 0.5, 1}},
        {"guided, weight 0.25", 0.75, -0.25, {3.25, 2.25, -0.5}},
        {"guided, weight 1: the guide alone", 0, -1, {1, 3, -2}},
    };
    for (const Row & row : table) {
        CAPTURE(row.method);
        const float own[] = {4, 2, 0}, second[] = {1, 3, -2}, best[] = {4, 3};
        const uint8_t source[] = {0, 1};
        const int index[] = {0, 0};
        ContrastWeights weights;
        const double matrix[] = {0, row.second, 0, 0};
        const uint8_t active[] = {1, 1};
        contrast_weights(matrix, row.gamma, 2, active, weights);
        const int32_t tokens[] = {0, 1, 2};
        std::vector<double> scores(3);
        contrast_scores({own, 3, 2, 3, index, second, 3, source}, 0, weights, best, tokens, 3, scores.data());
        CHECK(scores == row.scores);
    }
}

TEST_CASE("weight 0 is FewGen token for token, and a second matrix that holds no numbers is then not read") {
    Random random(31);
    for (int i = 0; i < 300; ++i) {
        StepCase c = with_second(random, 1 + random.below(4), 5 + random.below(600), 1, 0);
        std::fill_n(c.row(c.n_drawn), static_cast<size_t>(c.n_drawn) * c.n_vocab, kNan);
        c.params.alpha = random.pick<double>({0, 0.1, 1e-3});
        CHECK(drawn(c, random) == fewgen(c, 1, random));
    }
}

TEST_CASE("where the second logits are the own ones the outcome is FewGen's at temperature 1 / (gamma - weight)") {
    Random random(32);
    struct Row {
        double gamma, second, temperature;
    };
    //                      contrastive                                   guided
    for (const Row & row : {Row{1, 0.5, 2}, {1, 0.75, 4}, {1.5, 0.5, 1}, {0.5, -0.5, 1}, {0, -1, 1}}) {
        for (int i = 0; i < 100; ++i) {
            StepCase c = with_second(random, 1 + random.below(4), 5 + random.below(600), row.gamma, row.second);
            c.params.alpha = random.pick<double>({0, 0.1, 1e-3});
            c.params.top_p = random.pick<double>({1, 0.9, 0.3});
            second_is_own(c);
            CHECK(drawn(c, random) == fewgen(c, row.temperature, random));
        }
    }
}

TEST_CASE("the plausible set is the first matrix's, whatever the second one prefers") {
    Random random(33);
    for (const double second : {1.0, -0.9}) {
        StepCase c = with_second(random, 2, 50, second > 0 ? 1 : 0.1, second);
        c.params.alpha = 0.5;
        c.params.top_p = 1;
        for (int m = 0; m < 2; ++m) {
            for (int w = 0; w < 50; ++w) c.row(m)[w] = w < 2 ? 3.0f : 2.0f;  // 0, 1 are plausible
            for (int w = 0; w < 50; ++w) c.row(2 + m)[w] = (w < 2) == (second > 0) ? 9.0f : -9.0f;  // others are better
        }
        for (c.step = 0; c.step < 50; ++c.step) {
            for (const int32_t token : drawn(c, random)) CHECK(token < 2);
        }
    }
}

TEST_CASE("a constant added to a row of the second matrix changes nothing") {
    Random random(34);
    StepCase c = with_second(random, 3, 400, 1, 0.5);
    for (float & l : c.logits) l = std::round(l * 64) / 64;
    const std::vector<int32_t> before = drawn(c, random);
    for (int w = 0; w < c.n_vocab; ++w) c.row(4)[w] += 128;
    CHECK(drawn(c, random) == before);
}

TEST_CASE("3000 random steps with a second matrix agree with the float64 reference token for token") {
    Random random(35);
    int wrong = 0;
    for (int i = 0; i < 3000; ++i) {
        const int n = 1 + random.below(8);
        const double gamma = random.pick<double>({1, 1.5, 2, 0.25});
        StepCase c = with_second(random, n, 5 + random.below(700), gamma,
                                 random.pick<double>({gamma, 0.5, 0.1, -0.5, -1}), random.pick<double>({0.5, 3, 20}));
        if (random.chance(0.5)) {  // a coupling beside it
            for (int m = 0; m < n; ++m) {
                for (int k = 0; k < n; ++k) c.weight(m, k) = random.uniform() / n;
            }
        }
        for (int m = 0; m < n; ++m) c.active[m] = c.active[n + m] = random.chance(0.8);  // finished ones
        for (int w = 1; w < c.n_vocab; ++w) {
            if (random.chance(0.05)) c.row(n + random.below(n))[w] = -kInfinity;
        }
        std::vector<int32_t> banned, end;
        for (int w = 1; w < c.n_vocab; ++w) {
            if (random.chance(0.1)) (random.chance(0.5) ? banned : end).push_back(w);
        }
        c.mask = TokenMask(c.n_vocab, banned, end);
        c.params.alpha = random.pick<double>({0, 0.1, 1e-3});
        c.params.top_p = random.pick<double>({0.9, 1, 0.3});
        c.params.top_k = random.pick<int>({0, 0, 1, 40});
        c.params.temperature = random.pick<double>({1, 1, 0.7, 2});
        c.params.keeps_ends = random.chance(0.3);
        c.step = static_cast<uint32_t>(random.below(1000));
        std::vector<int32_t> expected = reference_tokens(c);
        expected.resize(n);
        const std::vector<int32_t> got = drawn(c, random);
        for (int m = 0; m < n; ++m) wrong += got[m] != expected[m];
    }
    CHECK(wrong == 0);
}

TEST_CASE("what is no number in a row of the second matrix that is needed ends the step, and names that row") {
    Random random(36);
    StepCase c = with_second(random, 2, 300, 1, 0.5);
    c.row(3)[299] = kNan;
    const TwoMatrices matrices(c, random);
    StepScratch scratch(c.n_rows, c.n_vocab);
    const StepResult result = run_step(c, matrices.view(), scratch).result;
    CHECK(result.status == StepStatus::kNotANumber);
    CHECK(result.row == 3);
}

TEST_CASE("the contrast norm looks at partners in the first matrix alone") {
    const float first[] = {4, 2, 0, 1, 3, 2}, second[] = {90, 90, 90};
    const int index[] = {0, 1, 0};
    const uint8_t source[] = {0, 0, 1}, active[] = {1, 1, 1};
    ContrastWeights weights;
    const LogitsView view{first, 3, 3, 3, index, second, 3, source};
    const double both[] = {0, 0.5, 0.5, 0, 0, 0, 0, 0, 0}, second_alone[] = {0, 0, 0.5, 0, 0, 0, 0, 0, 0};
    contrast_weights(both, 1, 3, active, weights);
    CHECK(contrast_norm(view, 0, weights, {}) == 3);
    contrast_weights(second_alone, 1, 3, active, weights);
    CHECK(contrast_norm(view, 0, weights, {}) == -1);
}
