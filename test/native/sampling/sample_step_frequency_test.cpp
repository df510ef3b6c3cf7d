// How often a step draws each token, against the distribution it should draw from (chi-square over many steps).
#include <doctest/doctest.h>

#include "sampling/groups.h"
#include "sampling/step_case.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// Draws n_steps steps and checks how often row m drew each token.
void check_frequencies(StepCase c, int m, const std::vector<double> & probs, int n_steps = 40000) {
    std::vector<int> counts(c.n_vocab, 0);
    StepScratch scratch(c.n_rows, c.n_vocab);
    for (c.step = 0; c.step < static_cast<uint32_t>(n_steps); ++c.step) {
        const StepOutcome out = run_step(c, c.view(), scratch);
        REQUIRE(out.is_ok());
        counts[out.tokens[m]]++;
    }
    const ChiSquare chi = chi_square(counts, probs);
    CHECK_FALSE(chi.impossible_drawn);
    CHECK(chi.statistic <= chi_square_limit(chi.df));
}

}  // namespace

TEST_CASE("where all rows agree, Hybrid leaves softmax of delta times the logits") {
    const std::vector<float> logits = {2, 1, 0.5, 0, -1, -2.5};
    const double gamma = 1, intra = 0.5, cross = 0.1;
    const Coupling hybrid = hybrid_group(2, 2, intra, cross);
    StepCase c(4, 6);
    for (int m = 0; m < 4; ++m) c.logits.insert(c.logits.end(), logits.begin(), logits.end());
    ContrastWeights weights;
    contrast_weights(hybrid, c.active.data(), weights);
    c.matrix = dense(weights, 4);
    c.params.alpha = 0;
    c.params.top_p = 1;
    std::vector<double> flattened;
    for (const float l : logits) flattened.push_back((gamma - intra - cross) * l);
    for (int m = 0; m < 4; ++m) check_frequencies(c, m, softmax(flattened));
}

TEST_CASE("draws follow the contrasted, masked, tempered and cut distribution") {
    StepCase c(2, 7,
               {3, 2.5, 2, 1, 0, -1, -9,  //
                0, 2.5, 1, 3, 0, -2, 4});
    c.weight(0, 1) = 0.5;
    c.params.alpha = 0.01;  // ln 0.01 = -4.6: the last token of row 0 falls out
    c.params.temperature = 1.5;
    c.params.top_p = 1;
    const double none = -1e300;
    const std::vector<double> scores = {3 / 1.5, 1.25 / 1.5, 1.5 / 1.5, -0.5 / 1.5, 0, 0, none};
    check_frequencies(c, 0, softmax(scores));
    check_frequencies(c, 1, softmax({0, 2.5 / 1.5, 1 / 1.5, 3 / 1.5, 0, none, 4 / 1.5}));
    c.params.top_p = 0.7;  // 0.45, 0.16, 0.14 + ... : the three best reach 0.75
    check_frequencies(c, 0, softmax({3 / 1.5, 1.25 / 1.5, 1.5 / 1.5, none, none, none, none}));
    c.params.top_k = 1;
    check_frequencies(c, 0, softmax({0, none, none, none, none, none, none}), 100);
}

TEST_CASE("alpha = 1 with several modes draws among them alone") {
    StepCase c(1, 5, {1, 4, 0, 4, 4});
    c.params.alpha = 1;
    c.params.top_p = 1;
    check_frequencies(c, 0, {0, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3});
}

TEST_CASE("an end token left out of the contrast is drawn as often as when every partner agrees on it") {
    StepCase c(2, 3,
               {1, 0, 0.5f,  //
                1, 0, 6});
    c.mask = TokenMask(3, {}, {2});
    c.weight(0, 1) = 0.5;
    c.params.alpha = 0;
    c.params.top_p = 1;
    c.params.contrast_end = false;
    const double own = std::log(std::exp(1.0) + 1 + std::exp(0.5)), other = std::log(std::exp(1.0) + 1 + std::exp(6.0));
    check_frequencies(c, 0, softmax({0.5, 0, 0.5 - 0.5 * (0.5 - own + other)}));
    c.params.contrast_end = true;
    check_frequencies(c, 0, softmax({0.5, 0, 0.5 - 0.5 * 6}));
}

TEST_CASE("a banned token is never drawn, not even where the contrast would raise it") {
    StepCase c(2, 4,
               {5, 1, 1, 9,  //
                0, 0, 0, -kInfinity});
    c.mask = TokenMask(4, {0, 3}, {});
    c.weight(0, 1) = 0.5;
    c.params.alpha = 0;
    c.params.top_p = 1;
    check_frequencies(c, 0, {0, 0.5, 0.5, 0}, 10000);
}
