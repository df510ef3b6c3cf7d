// Laws of one step that hold token for token. sample_step_frequency_test.cpp counts draws,
// sample_step_reference_test.cpp compares a step with its definition.
#include "sampling/sample_step.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "sampling/rng.h"
#include "sampling/step_case.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

using Tokens = std::vector<int32_t>;

// Plain sampling in float64 with u in [0, 1): alpha mask, softmax, top-p by a full sort, inverse CDF.
int32_t plain_sample(const float * logits, int n_vocab, double alpha, double top_p, double u) {
    std::vector<double> scores(logits, logits + n_vocab);
    const double best = *std::max_element(scores.begin(), scores.end());
    for (double & s : scores) s = s >= best + std::log(alpha) ? s : -1e300;
    const std::vector<double> probs = softmax(scores);
    std::vector<double> order = probs;
    std::sort(order.rbegin(), order.rend());
    double reached = 0, kept = 0, cumulative = 0;
    size_t n = 0;
    while (n < order.size() && reached < top_p - 1e-12) reached += order[n++];
    const double threshold = order[n - 1];
    for (const double p : probs) kept += p >= threshold ? p : 0;
    for (int32_t w = 0; w < n_vocab; ++w) {
        if (probs[w] >= threshold) cumulative += probs[w];
        if (cumulative > u * kept) return w;
    }
    return -1;
}

// Quantised logits and weights in 64ths: every sum of a score is exact, in whatever order it is taken.
StepCase exact_case(Random & random, int n_rows, int n_vocab) {
    StepCase c(n_rows, n_vocab, random_logits(random, static_cast<size_t>(n_rows) * n_vocab, 3, 0.125));
    for (int m = 0; m < n_rows; ++m) {
        for (int n = 0; n < n_rows; ++n) c.weight(m, n) = m == n ? 0 : random.below(4) / 64.0;
    }
    c.params.seed = random.bits();
    c.group = random.bits();
    c.step = static_cast<uint32_t>(random.bits());
    return c;
}

std::vector<int> permutation(Random & random, int n) {
    std::vector<int> out(n);
    std::iota(out.begin(), out.end(), 0);
    for (int i = n - 1; i > 0; --i) std::swap(out[i], out[random.below(i + 1)]);
    return out;
}

// Row m of the result is row from[m] of c, and so is whom it is contrasted with.
StepCase permuted(const StepCase & c, const std::vector<int> & from) {
    StepCase out = c;
    for (int m = 0; m < c.n_rows; ++m) {
        std::copy_n(c.view().row(from[m]), c.n_vocab, out.row(m));
        for (int n = 0; n < c.n_rows; ++n)
            out.weight(m, n) = c.matrix[static_cast<size_t>(from[m]) * c.n_rows + from[n]];
    }
    return out;
}

}  // namespace

TEST_CASE("without coupling a step is plain sampling of each row, and no other row is read") {
    Random random(11);
    int wrong = 0;
    for (int i = 0; i < 2000; ++i) {
        StepCase c(3, 2 + random.below(300));
        c.logits = random_logits(random, static_cast<size_t>(3) * c.n_vocab, 3);
        std::fill_n(c.row(1), c.n_vocab, kNan);  // an ended row may hold anything
        c.active[1] = 0;
        c.params.top_p = random.pick<double>({0.5, 0.9, 1});
        c.params.alpha = random.pick<double>({1e-3, 0.1});
        c.params.seed = random.bits();
        const Tokens tokens = run_step(c).tokens;
        for (const int m : {0, 2}) {
            const double u = static_cast<double>(uniform_bits(c.params.seed, 0, m, 0)) * 0x1p-64;
            wrong += tokens[m] != plain_sample(c.row(m), c.n_vocab, c.params.alpha, c.params.top_p, u);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("alpha = 1 leaves only the row's own mode, whatever the contrast") {
    Random random(12);
    for (int i = 0; i < 300; ++i) {
        StepCase c(1 + random.below(6), 1 + random.below(400));
        c.logits = random_logits(random, static_cast<size_t>(c.n_rows) * c.n_vocab, 4);
        if (c.n_rows > 1) c.couple_all(0.9);
        c.params.alpha = 1;
        c.params.top_p = 1;
        c.params.seed = random.bits();
        const Tokens tokens = run_step(c).tokens;
        for (int m = 0; m < c.n_rows; ++m)
            CHECK(tokens[m] == std::max_element(c.row(m), c.row(m) + c.n_vocab) - c.row(m));
    }
}

TEST_CASE("permuting the rows permutes the outcome: most likely tokens move with their rows") {
    Random random(13);
    int wrong = 0;
    for (int i = 0; i < 300; ++i) {
        StepCase c(2 + random.below(8), 5 + random.below(300));
        c.logits = random_logits(random, static_cast<size_t>(c.n_rows) * c.n_vocab, 3);
        for (double & w : c.matrix) w = random.uniform() / c.n_rows;
        c.params.top_k = 1;  // the contrasted mode, whatever the random number, which is keyed by the row's place
        const std::vector<int> from = permutation(random, c.n_rows);
        const Tokens tokens = run_step(c).tokens, moved = run_step(permuted(c, from)).tokens;
        for (int m = 0; m < c.n_rows; ++m) wrong += moved[m] != tokens[from[m]];
    }
    CHECK(wrong == 0);
}

TEST_CASE("permuting the other rows changes no draw of a row that keeps its place, hence its random number") {
    Random random(18);
    int wrong = 0;
    for (int i = 0; i < 300; ++i) {
        StepCase c = exact_case(random, 2 + random.below(7), 5 + random.below(300));
        c.params.alpha = random.pick<double>({0, 1e-3});
        const Tokens tokens = run_step(c).tokens;
        for (int m = 0; m < c.n_rows; ++m) {
            std::vector<int> from = permutation(random, c.n_rows);
            std::swap(*std::find(from.begin(), from.end(), m), from[m]);
            wrong += run_step(permuted(c, from)).tokens[m] != tokens[m];
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("a constant added to any row changes no token") {
    Random random(14);
    int wrong = 0;
    for (int i = 0; i < 500; ++i) {
        StepCase c = exact_case(random, 1 + random.below(8), 5 + random.below(300));
        c.params.alpha = random.pick<double>({0, 1e-3, 0.1, 1});
        StepCase shifted = c;
        for (int m = 0; m < c.n_rows; ++m) {
            const float constant = random.pick<float>({0, 64, -100.5f, 2048});
            for (int w = 0; w < c.n_vocab; ++w) shifted.row(m)[w] += constant;
        }
        wrong += run_step(c).tokens != run_step(shifted).tokens;
    }
    CHECK(wrong == 0);
}

TEST_CASE("ended rows get -1 and change nothing for the others, whatever their logits") {
    Random random(15);
    for (int i = 0; i < 300; ++i) {
        StepCase c = exact_case(random, 2 + random.below(8), 5 + random.below(200));
        for (uint8_t & a : c.active) a = random.chance(0.6);
        StepCase other = c;
        for (int m = 0; m < c.n_rows; ++m) {
            if (!c.active[m])
                std::fill_n(other.row(m), c.n_vocab, random.pick<float>({kNan, kInfinity, -kInfinity, 3}));
        }
        const StepOutcome before = run_step(c), after = run_step(other);
        REQUIRE(before.is_ok());
        REQUIRE(after.is_ok());
        CHECK(before.tokens == after.tokens);
        for (int m = 0; m < c.n_rows; ++m) CHECK((before.tokens[m] == -1) == (c.active[m] == 0));
    }
}

TEST_CASE("a row that is only contrasted with gets no token, as the contrast rows of CFG") {
    StepCase c(2, 3, {0, 0, 0, -200, -200, -160});
    c.params.alpha = 0;
    ContrastWeights weights;
    c.weight(0, 1) = 1;
    contrast_weights(c.matrix.data(), c.gamma, 2, c.active.data(), weights);
    const uint8_t draws[] = {1, 0};
    StepScratch scratch(2, 3);
    for (uint32_t step = 0; step < 50; ++step) {
        Tokens tokens(2, kUntouched);
        sample_step(c.params, c.mask, {c.view(), &weights, draws, 0, step}, scratch, tokens.data(), nullptr);
        CHECK((tokens[0] == 0 || tokens[0] == 1));
        CHECK(tokens[1] == -1);
    }
}

TEST_CASE("rows may lie anywhere: order and stride of the matrix in memory change no token") {
    Random random(16);
    for (int i = 0; i < 100; ++i) {
        const StepCase c = exact_case(random, 1 + random.below(6), 5 + random.below(300));
        const size_t stride = c.n_vocab + random.below(50);
        std::vector<float> scattered(stride * (c.n_rows + 3), kNan);
        std::vector<int> index(c.n_rows);
        for (int m = 0; m < c.n_rows; ++m) {
            index[m] = c.n_rows + 2 - m;
            std::copy_n(c.view().row(m), c.n_vocab, scattered.data() + index[m] * stride);
        }
        StepScratch scratch(c.n_rows + 4, c.n_vocab);
        const LogitsView view{scattered.data(), stride, c.n_rows, c.n_vocab, index.data()};
        CHECK(run_step(c, view, scratch).tokens == run_step(c).tokens);
    }
}

TEST_CASE("the log-probability of a drawn token is under the row's own distribution, uncontrasted and uncut") {
    Random random(17);
    StepCase c(3, 50, random_logits(random, 150, 3));
    c.couple_all(0.9);
    c.active[2] = 0;
    const StepOutcome out = run_step(c);
    for (const int m : {0, 1}) {
        const std::vector<double> probs = softmax({c.row(m), c.row(m) + 50});
        CHECK(out.log_probs[m] == doctest::Approx(std::log(probs[out.tokens[m]])).epsilon(1e-12));
    }
    CHECK(out.log_probs[2] == kUntouched);
}

TEST_CASE("NaN, +inf and a row of nothing but -inf are reported with their row, and no token is drawn") {
    const auto check = [](float bad, bool everywhere, StepStatus expected) {
        for (int m = 0; m < 3; ++m) {
            StepCase c(3, 300, std::vector<float>(900, 0.5f));
            c.couple_all(0.9);
            if (everywhere) std::fill_n(c.row(m), 300, bad);
            else c.row(m)[299] = bad;
            const StepOutcome out = run_step(c);
            CHECK(out.result.status == expected);
            CHECK(out.result.row == m);
            for (int n = m; n < 3; ++n) CHECK(out.tokens[n] == kUntouched);
        }
    };
    check(kNan, false, StepStatus::kNotANumber);
    check(kInfinity, false, StepStatus::kNotANumber);
    check(kNan, true, StepStatus::kNotANumber);
    check(-kInfinity, true, StepStatus::kNothingPlausible);
}

TEST_CASE("a row whose every token is banned or -inf has nothing plausible") {
    StepCase c(1, 3, {7, -kInfinity, 7});
    c.mask = TokenMask(3, {0, 2}, {});
    CHECK(run_step(c).result.status == StepStatus::kNothingPlausible);
}

TEST_CASE("no finite logit is too large and no temperature too low for a draw") {
    for (const double temperature : {1.0, 1e-6, 1e6}) {
        StepCase c(2, 4,
                   {3e38f, -3e38f, 0, 1,  //
                    -3e38f, 3e38f, 3e38f, 0});
        c.couple_all(0.9);
        c.params.alpha = 0;
        c.params.temperature = temperature;
        const StepOutcome out = run_step(c);
        REQUIRE(out.is_ok());
        CHECK(out.tokens[0] == 0);
        CHECK((out.tokens[1] == 1 || out.tokens[1] == 2));
    }
}

TEST_CASE("no temperature is too small: the best token is drawn, whatever a score over T would overflow to") {
    for (const double temperature : {1e-308, 1e-300, 1e-6}) {
        StepCase c(1, 3, {2, 3, 50});
        c.params.temperature = temperature;
        c.params.alpha = 0;
        CHECK(run_step(c).tokens[0] == 2);
    }
}
