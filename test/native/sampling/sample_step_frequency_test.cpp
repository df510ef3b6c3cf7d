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

TEST_CASE("without contrast a kept end is as likely as its row has it, and the nucleus is one of the others") {
    const std::vector<double> own = {0.5, 0.3, 0.15, 0.05};  // the last token ends
    StepCase c(1, 4);
    for (const double p : own) c.logits.push_back(static_cast<float>(std::log(p)));
    c.mask = TokenMask(4, {}, {3});
    c.params.keeps_ends = true;
    const auto check = [&](double alpha, double top_p, int top_k, double temperature,
                           const std::vector<double> & probs) {
        c.params.alpha = alpha, c.params.top_p = top_p, c.params.top_k = top_k, c.params.temperature = temperature;
        check_frequencies(c, 0, probs);
    };
    //    alpha  p  k  T       of the others: 0.5, 0.3 and 0.15 over 0.95
    check(0.00, 1.0, 0, 1, own);
    check(0.00, 0.7, 0, 1, {0.95 * 0.5 / 0.8, 0.95 * 0.3 / 0.8, 0, 0.05});  // 0.53 + 0.32 reach 0.7
    check(0.00, 0.1, 0, 1, {0.95, 0, 0, 0.05});
    check(0.00, 1.0, 1, 1, {0.95, 0, 0, 0.05});
    check(0.05, 1.0, 0, 1, own);                                       // 0.05 >= 0.05 * 0.5
    check(0.20, 1.0, 0, 1, {0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0});  // 0.05 < 0.2 * 0.5: it does not end
    check(0.40, 1.0, 0, 1, {0.5 / 0.8, 0.3 / 0.8, 0, 0});
    const double a = std::sqrt(0.5), b = std::sqrt(0.3), d = std::sqrt(0.15);  // T 2 heats the others alone
    check(0.00, 1.0, 0, 2, {0.95 * a / (a + b + d), 0.95 * b / (a + b + d), 0.95 * d / (a + b + d), 0.05});
    c.params.keeps_ends = false;  // as ever: the nucleus takes the end away
    check(0.00, 0.7, 0, 1, {0.5 / 0.8, 0.3 / 0.8, 0, 0});
}

TEST_CASE("contrast takes nothing from a kept end, whatever the partners think of it") {
    for (const float partners_end : {-kInfinity, 0.0f, 9.0f}) {
        StepCase c(2, 4,
                   {2, 1, 0, 0,  //
                    0, 1, 0, partners_end});
        c.mask = TokenMask(4, {}, {3});
        c.weight(0, 1) = 0.5;
        c.params.alpha = 0;
        c.params.top_p = 1;
        c.params.keeps_ends = true;
        const double ends = 1 / (std::exp(2.0) + std::exp(1.0) + 2);
        std::vector<double> probs = softmax({2, 0.5, 0, -1e300});  // l_0 - l_1 / 2
        for (double & p : probs) p *= 1 - ends;
        probs[3] = ends;
        check_frequencies(c, 0, probs);
    }
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
