#include "sampling/contrast.h"

#include <doctest/doctest.h>

#include <algorithm>

#include <numeric>

#include "sampling/helpers.h"
#include "sampling/log_partition.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

using Scores = std::vector<double>;

struct Rows {
    std::vector<std::vector<float>> logits;
    std::vector<double> matrix;  // gamma_{m,n}
    double gamma = 1;

    Scores of(int row, std::vector<int32_t> tokens = {}) const {
        const int n_rows = static_cast<int>(logits.size()), n_vocab = static_cast<int>(logits[0].size());
        if (tokens.empty()) tokens.resize(n_vocab), std::iota(tokens.begin(), tokens.end(), 0);
        std::vector<float> flat, best;
        for (const auto & l : logits) {
            flat.insert(flat.end(), l.begin(), l.end());
            best.push_back(*std::max_element(l.begin(), l.end()));
        }
        ContrastWeights weights;
        contrast_weights(matrix.data(), gamma, n_rows, std::vector<uint8_t>(n_rows, 1).data(), weights);
        Scores scores(tokens.size());
        contrast_scores({flat.data(), static_cast<size_t>(n_vocab), n_rows, n_vocab, nullptr}, row, weights,
                        best.data(), tokens.data(), static_cast<int>(tokens.size()), scores.data());
        return scores;
    }
};

}  // namespace

TEST_CASE("a score is gamma times the own logit less the weighted logits of the partners (eq. 13)") {
    //                 l_0        l_1        l_2          gamma_{m,n}
    const Rows rows{{{4, 2, 0}, {1, 3, 0}, {0, 8, -4}}, {0, 0.5, 0.25, 1, 0, 0, 0, 0, 0}};
    CHECK(rows.of(0) == Scores{4 - 0.5, 2 - 1.5 - 2, 0 + 1});
    CHECK(rows.of(1) == Scores{1 - 4, 3 - 2, 0});
    CHECK(rows.of(2) == Scores{0, 8, -4});
    CHECK(rows.of(0, {2}) == Scores{1});  // only the tokens asked for
    const Rows sharper{rows.logits, rows.matrix, 1.5};
    CHECK(sharper.of(0) == Scores{6 - 0.5, 3 - 1.5 - 2, 0 + 1});
}

TEST_CASE("a partner's logit counts as at least 50 below the partner's best") {
    const Rows rows{{{0, 0, 0, 0}, {10, -40, -41, -kInfinity}}, {0, 0.5, 0, 0}};
    CHECK(rows.of(0) == Scores{-5, 20, 20, 20});
}

TEST_CASE("scores of more tokens than one tile holds do not depend on the tiles") {
    Random random(7);
    const int n_vocab = 5000;
    const Rows rows{
        {random_logits(random, n_vocab, 4), random_logits(random, n_vocab, 4), random_logits(random, n_vocab, 4)},
        {0, 0.3, 0.2, 0.1, 0, 0.7, 0.5, 0.5, 0}};
    for (int m = 0; m < 3; ++m) {
        const Scores all = rows.of(m);
        for (const int32_t w : {0, 1, 1023, 1024, 1025, 4096, 4999}) CHECK(rows.of(m, {w})[0] == all[w]);
    }
}

TEST_CASE("a log-partition is ln of the sum of exp, whatever the size of the logits and of the vocabulary") {
    Random random(8);
    for (const int n_vocab : {1, 7, 8, 9, 1000}) {
        for (const double shift : {0.0, 500.0, -3000.0}) {
            std::vector<float> logits = random_logits(random, n_vocab, 4, 0.125, 0.1);
            logits[0] = 1.0f;
            long double sum = 0;
            for (float & l : logits) sum += std::exp(static_cast<long double>(l)), l += static_cast<float>(shift);
            const float best = *std::max_element(logits.begin(), logits.end());
            const double expected = static_cast<double>(std::log(sum)) + shift;
            CHECK(log_partition(logits.data(), n_vocab, best) == doctest::Approx(expected).epsilon(1e-13));
            // where the best token of all is banned, the best one that counts lies below it, perhaps far
            CHECK(log_partition(logits.data(), n_vocab, best - 2000) == doctest::Approx(expected).epsilon(1e-13));
        }
    }
}
