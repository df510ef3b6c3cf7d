// DoLa's layer: chosen by the Jensen-Shannon divergence from the last layer's distribution, row by row.
#include "sampling/layer_choice.h"

#include <doctest/doctest.h>

#include "sampling/step_case.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

const auto kHalf = static_cast<float>(std::log(0.5)), kQuarter = static_cast<float>(std::log(0.25));

// n rows that draw, each with a partner in the second matrix, which holds n_layers layers of so many rows.
struct LayerCase {
    int n, n_vocab, n_layers;
    std::vector<float> last, early;
    std::vector<int> index;
    std::vector<uint8_t> source, draws;
    ContrastWeights weights;
    StepParams params;

    LayerCase(Random & random, int rows, int vocab, int layers, double spread)
        : n(rows), n_vocab(vocab), n_layers(layers), source(2 * rows, 0), draws(2 * rows, 0) {
        last = random_logits(random, static_cast<size_t>(n) * n_vocab, spread, 0, random.pick<double>({0, 0.1}));
        early = random_logits(random, static_cast<size_t>(n_layers) * n * n_vocab, spread);
        index = shuffled(random, n);
        index.insert(index.end(), index.begin(), index.begin() + n);
        std::vector<double> matrix(static_cast<size_t>(4) * n * n, 0.0);
        for (int m = 0; m < n; ++m) {
            draws[m] = source[n + m] = 1;
            matrix[static_cast<size_t>(m) * 2 * n + n + m] = 1;
        }
        const std::vector<uint8_t> active(2 * n, 1);
        contrast_weights(matrix.data(), 1, 2 * n, active.data(), weights);
        params.seed = random.bits();
        params.alpha = random.pick<double>({0.1, 1e-3});
    }
    const float * layer(int m, int j) const { return early.data() + (static_cast<size_t>(j) * n + index[m]) * n_vocab; }
    StepInput input() const {
        const auto stride = static_cast<size_t>(n_vocab);
        StepInput out;
        out.logits = {last.data(), stride, 2 * n, n_vocab, index.data(), early.data(), stride, source.data()};
        out.weights = &weights;
        out.draws = draws.data();
        out.n_layers = n_layers;
        out.layer_rows = n;
        return out;
    }
    std::vector<int32_t> drawn(const StepInput & input) const {
        StepScratch scratch(2 * n, n_vocab);
        std::vector<int32_t> tokens(2 * n);
        REQUIRE(sample_step(params, TokenMask(), input, scratch, tokens.data(), nullptr).status == StepStatus::kOk);
        return tokens;
    }
};

}  // namespace

TEST_CASE("the divergence of distributions worked out by hand") {
    struct Row {
        std::vector<float> a, b;
        double divergence;
    };
    const std::vector<Row> table = {
        {{1, 2, 3}, {1, 2, 3}, 0},
        {{1, 2, 3}, {-4, -3, -2}, 0},                     // a constant is none
        {{0, -kInfinity}, {-kInfinity, 0}, std::log(2)},  // nothing in common: the most there is
        // p (1/2, 1/2), q (1, 0), m (3/4, 1/4): (ln 2/3 + ln 2) / 4 + ln 4/3 / 2
        {{kHalf, kHalf}, {0, -kInfinity}, std::log(4.0 / 3) / 4 + std::log(4.0 / 3) / 2},
        // p (1/2, 1/4, 1/4), q (1/4, 1/2, 1/4), m (3/8, 3/8, 1/4)
        {{kHalf, kQuarter, kQuarter}, {kQuarter, kHalf, kQuarter}, std::log(4.0 / 3) / 2 + std::log(2.0 / 3) / 4},
    };
    for (const Row & row : table) {
        const int n = static_cast<int>(row.a.size());
        CHECK(reference_divergence(row.a.data(), row.b.data(), n) == doctest::Approx(row.divergence).epsilon(1e-6));
        CHECK(reference_divergence(row.b.data(), row.a.data(), n) == doctest::Approx(row.divergence).epsilon(1e-6));
    }
}

TEST_CASE("the layer with the largest divergence is chosen, the first of equals, and none that holds no numbers") {
    struct Row {
        const char * what;
        std::vector<float> early;  // [n_layers, 3]
        int choice;
    };
    const float last[] = {2, 1, 0};
    const std::vector<Row> table = {
        {"one layer", {0, 0, 0}, 0},
        {"farther", {2, 1, 1, 0, 1, 2}, 1},
        {"nearer", {0, 1, 2, 2, 1, 1}, 0},
        {"in the middle", {2, 1, 0, -5, 1, 7, 2, 2, 2}, 1},
        {"equals", {0, 1, 2, 0, 1, 2}, 0},
        {"NaN", {kNan, 1, 2, 2, 1, 1}, 1},
        {"infinite", {2, 1, 1, 0, kInfinity, 0}, 0},
        {"NaN everywhere", {kNan, 1, 2, 2, kNan, 1}, 0},
        {"a token that is impossible", {2, 1, -kInfinity, -kInfinity, 1, 2}, 1},
    };
    for (const Row & row : table) {
        CAPTURE(row.what);
        CHECK(most_divergent_layer(last, row.early.data(), 3, static_cast<int>(row.early.size()) / 3, 3) == row.choice);
    }
}

TEST_CASE("the choice is the float64 reference's, for vocabularies of any size and distributions of any sharpness") {
    Random random(41);
    for (int i = 0; i < 2000; ++i) {
        const int n_vocab = 2 + random.below(1500), n_layers = 1 + random.below(6);
        const LayerCase c(random, 1, n_vocab, n_layers, random.pick<double>({0.01, 1, 5, 60}));
        double farthest = -1, next = -1;
        int expected = 0;
        for (int j = 0; j < n_layers; ++j) {
            const double divergence = reference_divergence(c.last.data(), c.layer(0, j), n_vocab);
            if (divergence > farthest) next = farthest, farthest = divergence, expected = j;
            else next = std::max(next, divergence);
        }
        if (farthest - next < 2e-6) continue;
        CAPTURE(i);
        REQUIRE(most_divergent_layer(c.last.data(), c.early.data(), n_vocab, n_layers, n_vocab) == expected);
    }
}

TEST_CASE("a step with layers is the float64 reference's") {
    Random random(42);
    for (int i = 0; i < 1000; ++i) {
        const LayerCase c(random, 1 + random.below(4), 5 + random.below(700), 1 + random.below(5), 3);
        std::vector<int32_t> expected(2 * c.n);
        reference_step(c.params, TokenMask(), c.input(), expected.data());
        CAPTURE(i);
        REQUIRE(c.drawn(c.input()) == expected);
    }
}

TEST_CASE("where each row's layer was chosen, its tokens are those of that fixed layer") {
    Random random(43);
    for (int i = 0; i < 200; ++i) {
        const LayerCase c(random, 3, 300, 4, 3);
        LayerCase fixed = c;
        fixed.n_layers = 1;
        for (int m = 0; m < c.n; ++m) {
            const float * last = c.last.data() + static_cast<size_t>(c.index[m]) * c.n_vocab;
            const size_t stride = static_cast<size_t>(c.n) * c.n_vocab;
            fixed.index[c.n + m] += c.n * most_divergent_layer(last, c.layer(m, 0), stride, 4, c.n_vocab);
        }
        REQUIRE(c.drawn(c.input()) == fixed.drawn(fixed.input()));
    }
}

TEST_CASE("a chosen layer that holds no numbers is an error of its row") {
    Random random(44);
    LayerCase c(random, 2, 50, 2, 1);
    for (int j = 0; j < 2; ++j) c.early[(static_cast<size_t>(j) * c.n + c.index[1]) * c.n_vocab] = kNan;
    StepScratch scratch(2 * c.n, c.n_vocab);
    std::vector<int32_t> tokens(2 * c.n);
    const StepResult result = sample_step(c.params, TokenMask(), c.input(), scratch, tokens.data(), nullptr);
    CHECK(result.status == StepStatus::kNotANumber);
    CHECK(result.row == 3);
}
