// sample_step against its definition in float64 (reference.h), token for token.
#include <doctest/doctest.h>

#include <cmath>

#include "sampling/step_case.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// Where logits tie (quantum > 0) the weights are 64ths, so that scores tie in exact arithmetic or not at all: two
// roundings of one sum may otherwise differ and decide about a tie at the nucleus' border.
StepCase random_case(Random & random, int n_rows, int n_vocab) {
    const double quantum = random.pick<double>({0, 0, 0.25, 1});
    const double spread = random.pick<double>({0.1, 2, 4, 20});
    StepCase c(n_rows, n_vocab);
    c.logits = random_logits(random, static_cast<size_t>(n_rows) * n_vocab, spread, quantum,
                             random.pick<double>({0, 0, 0.05, 0.7}));
    for (int m = 0; m < n_rows; ++m) c.row(m)[random.below(n_vocab)] = 1.0f;  // at least one token is possible
    const double share = random.pick<double>({0, 0.3, 1});                    // how many pairs are coupled
    for (double & w : c.matrix) {
        if (random.chance(share)) w = quantum > 0 ? random.below(16) / 64.0 : random.uniform() / n_rows;
    }
    for (uint8_t & a : c.active) a = random.chance(0.8);
    c.gamma = random.pick<double>({1, 1, 0.5, 1.75});
    c.params.alpha = random.pick<double>({0, 1e-3, 1e-3, 0.1, 1});
    c.params.temperature = random.pick<double>({1, 1, 0.7, 2, 0.05});
    c.params.top_p = random.pick<double>({0.9, 0.9, 1, 0.3, 1e-6});
    c.params.top_k = random.pick<int>({0, 0, 0, 1, 40});
    c.params.seed = random.bits();
    c.group = random.bits();
    c.step = static_cast<uint32_t>(random.below(1000));
    return c;
}

// low .. high, each order of magnitude as likely as the next.
int log_uniform(Random & random, int low, int high) {
    return static_cast<int>(low * std::exp(random.uniform() * std::log((high + 1.0) / low)));
}

int disagreements(StepCase & c) {
    const StepOutcome out = run_step(c);
    REQUIRE(out.is_ok());
    const std::vector<int32_t> expected = reference_tokens(c);
    int wrong = 0;
    for (int m = 0; m < c.n_rows; ++m) wrong += out.tokens[m] != expected[m];
    if (wrong > 0) MESSAGE("M ", c.n_rows, " V ", c.n_vocab, " alpha ", c.params.alpha, " p ", c.params.top_p);
    return wrong;
}

}  // namespace

TEST_CASE("5000 random steps, 1 to 40 rows over 5 to 2000 tokens, agree with the float64 reference token for token") {
    Random random(20);
    int wrong = 0;
    for (int i = 0; i < 5000; ++i) {
        const int n_rows = log_uniform(random, 1, 40);
        StepCase c = random_case(random, n_rows, log_uniform(random, 5, n_rows > 10 ? 500 : 2000));
        wrong += disagreements(c);
    }
    CHECK(wrong == 0);
}

TEST_CASE("steps over vocabularies of models agree with the float64 reference token for token") {
    Random random(21);
    int wrong = 0;
    for (const int n_vocab : {32064, 49152, 128256, 150000, 150001}) {
        for (int i = 0; i < 2; ++i) {
            StepCase c = random_case(random, 1 + random.below(3), n_vocab);
            wrong += disagreements(c);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("steps with banned tokens and kept ends agree with the float64 reference token for token") {
    Random random(22);
    int wrong = 0, n_ended = 0;
    for (int i = 0; i < 2000; ++i) {
        StepCase c = random_case(random, 1 + random.below(8), log_uniform(random, 5, 800));
        std::vector<int32_t> banned, end;
        for (int w = 1; w < c.n_vocab; ++w) {  // token 0 stays possible
            const double u = random.uniform();
            if (u < 0.05) banned.push_back(w);
            else if (u < 0.1) end.push_back(w);
        }
        c.mask = TokenMask(c.n_vocab, banned, end);
        for (int m = 0; m < c.n_rows; ++m) c.row(m)[0] = 0.5f;
        c.params.keeps_ends = random.chance(0.8);
        wrong += disagreements(c);
        for (const int32_t token : run_step(c).tokens) n_ended += token >= 0 && c.mask.is_end(token);
    }
    CHECK(wrong == 0);
    CHECK(n_ended > 200);
}
