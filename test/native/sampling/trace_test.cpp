#include "sampling/trace.h"

#include <doctest/doctest.h>

#include <cmath>

#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// Row 0 of these, whose partners have the weights of the first row of the matrix; every token traced as if it were
// drawn.
struct Traced {
    std::vector<StepTrace> steps;

    Traced(const std::vector<std::vector<float>> & rows, const std::vector<double> & partners, double gamma,
           const StepParams & params, const TokenMask & mask = {}) {
        const int n_rows = static_cast<int>(rows.size()), n_vocab = static_cast<int>(rows[0].size());
        std::vector<float> flat;
        for (const auto & row : rows) flat.insert(flat.end(), row.begin(), row.end());
        std::vector<double> matrix(n_rows * n_rows, 0);
        std::copy(partners.begin(), partners.end(), matrix.begin());
        ContrastWeights weights;
        contrast_weights(matrix.data(), gamma, n_rows, std::vector<uint8_t>(n_rows, 1).data(), weights);
        const std::vector<uint8_t> draws(n_rows, 1);
        StepInput input;
        input.logits = {flat.data(), static_cast<size_t>(n_vocab), n_rows, n_vocab, nullptr};
        input.weights = &weights;
        input.draws = draws.data();
        for (int32_t w = 0; w < n_vocab; ++w) trace_step(params, mask, input, 0, w, 2, steps.emplace_back());
    }

    double sum(double StepTrace::*field) const {
        double total = 0;
        for (const StepTrace & step : steps) total += step.*field;
        return total;
    }
};

std::vector<float> logs(const std::vector<double> & probabilities) {
    std::vector<float> out;
    for (const double p : probabilities) out.push_back(static_cast<float>(std::log(p)));
    return out;
}

StepParams params(double alpha, double temperature, double top_p, bool keeps_ends = false) {
    StepParams out;
    out.alpha = alpha;
    out.temperature = temperature;
    out.top_p = top_p;
    out.keeps_ends = keeps_ends;
    return out;
}

double added_up(const StepTrace & step, double temperature) {
    double sum = step.exponent * std::log(step.own);
    for (const PartnerPush & push : step.pushes) sum += push.nats;
    return std::exp(sum / temperature - step.log_scale);
}

}  // namespace

TEST_CASE("three tokens, worked by hand") {
    // own^1.5 / other^0.5 = 0.79057, 0.3, 0.12649, in all 1.21706; ln(own / other) = 0.91629, 0, -0.91629, their mean
    // by own 0.5 * 0.91629 - 0.2 * 0.91629 = 0.27489
    const Traced traced({logs({.5, .3, .2}), logs({.2, .3, .5})}, {0, .5}, 1.5, params(0, 1, 1));
    const double contrasted[] = {0.64957, 0.24650, 0.10393}, pushes[] = {0.32070, -0.13744, -0.59559};
    for (int w = 0; w < 3; ++w) {
        const StepTrace & step = traced.steps[w];
        CHECK(step.contrasted == doctest::Approx(contrasted[w]).epsilon(1e-4));
        CHECK(step.drawn == doctest::Approx(contrasted[w]).epsilon(1e-4));
        CHECK(step.pushes.at(0).nats == doctest::Approx(pushes[w]).epsilon(1e-4));
        CHECK(step.pushes.at(0).row == 1);
        CHECK(step.pushes.at(0).layer == -1);
        CHECK(step.exponent == doctest::Approx(1));
        CHECK(step.n_plausible == 3);
        CHECK(step.likely.at(0).token == 0);
        CHECK(step.likely.size() == 2);
    }
    CHECK(traced.steps[1].own == doctest::Approx(.3));
}

TEST_CASE("the nucleus keeps what it keeps, and what is not plausible has no share") {
    const Traced traced({logs({.5, .3, .19, .01}), logs({.2, .3, .4, .1})}, {0, .5}, 1.5, params(.1, 1, .6));
    CHECK(traced.steps[0].n_plausible == 3);
    CHECK(traced.steps[0].n_nucleus == 1);
    CHECK(traced.steps[0].drawn == doctest::Approx(1));
    CHECK(traced.steps[1].drawn == 0);
    CHECK(traced.steps[1].contrasted > 0);
    CHECK(traced.steps[3].contrasted == 0);
    CHECK(traced.steps[3].own == doctest::Approx(.01));
}

TEST_CASE("without a partner the contrasted distribution is the row's own, cut to what is plausible") {
    const Traced traced({logs({.5, .3, .2}), logs({.2, .3, .5})}, {0, 0}, 1, params(.5, 1, 1));
    CHECK(traced.steps[0].pushes.empty());
    CHECK(traced.steps[0].contrasted == doctest::Approx(.5 / .8));
    CHECK(traced.steps[2].contrasted == 0);
}

TEST_CASE("a partner that finds all tokens equally unlikely pushes none") {
    const Traced few({logs({.5, .3, .01, .19}), logs({.0005, .0003, .9991, .0001})}, {0, .5}, 1.5, params(.5, 1, 1));
    for (const int w : {0, 1}) CHECK(few.steps[w].pushes.at(0).nats == doctest::Approx(0).epsilon(1e-4).scale(1));
}

TEST_CASE("whatever the weights and temperature, the parts add up and the shares sum to 1") {
    Random random(11);
    const int n_vocab = 40;
    std::vector<std::vector<float>> rows;
    for (int m = 0; m < 4; ++m) rows.push_back(random_logits(random, n_vocab, 2));
    for (const double temperature : {1.0, 0.7, 1.6}) {
        for (const std::vector<double> & partners : {std::vector<double>{0, .3, .2, .1}, {0, .4, 0, 0}}) {
            for (const bool keeps_ends : {false, true}) {
                const Traced traced(rows, partners, 1.6, params(1e-3, temperature, .8, keeps_ends),
                                    TokenMask(n_vocab, {3}, {7, 9}));
                CHECK(traced.sum(&StepTrace::contrasted) == doctest::Approx(1));
                CHECK(traced.sum(&StepTrace::drawn) == doctest::Approx(1));
                for (const StepTrace & step : traced.steps) {
                    if (step.contrasted == 0 || step.is_kept_end) continue;
                    CHECK(added_up(step, temperature) == doctest::Approx(step.contrasted));
                }
            }
        }
    }
}

TEST_CASE("an end that is kept has the share of the row's own distribution, and nobody pushed it") {
    //                                end         end
    const Traced traced({logs({.4, .3, .2, .1}), logs({.1, .1, .4, .4})}, {0, .5}, 1.5, params(0, 1, 1, true),
                        TokenMask(4, {}, {1, 3}));
    CHECK(traced.steps[1].is_kept_end);
    CHECK(traced.steps[1].contrasted == doctest::Approx(.4));  // .3 + .1: the likelier of the two stands for both
    CHECK(traced.steps[1].pushes.empty());
    CHECK(traced.steps[3].contrasted == 0);
    CHECK(traced.steps[0].contrasted + traced.steps[2].contrasted == doctest::Approx(.6));
}
