#include "sampling/contrast_norm.h"

#include <doctest/doctest.h>

#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// Of row 0, whose partners and their weights are the first row of the matrix.
double norm_of(const std::vector<std::vector<float>> & rows, const std::vector<double> & partners,
               const TokenMask & mask = {}) {
    const int n_rows = static_cast<int>(rows.size()), n_vocab = static_cast<int>(rows[0].size());
    std::vector<float> flat;
    for (const auto & row : rows) flat.insert(flat.end(), row.begin(), row.end());
    std::vector<double> matrix(n_rows * n_rows, 0);
    std::copy(partners.begin(), partners.end(), matrix.begin());
    ContrastWeights weights;
    contrast_weights(matrix.data(), 1, n_rows, std::vector<uint8_t>(n_rows, 1).data(), weights);
    return contrast_norm({flat.data(), static_cast<size_t>(n_vocab), n_rows, n_vocab, nullptr}, 0, weights, mask);
}

}  // namespace

TEST_CASE("the norm is the largest distance from the mean of the partners, whatever their weights") {
    //   own          partners               |own - mean|
    CHECK(norm_of({{4, 2, 0}, {1, 3, 2}}, {0, 0.5}) == 3);                     // 3 1 2
    CHECK(norm_of({{4, 2, 0}, {1, 3, 2}, {3, -3, 4}}, {0, 0.5, 0.5}) == 3);    // 4-2 2-0 0-3
    CHECK(norm_of({{4, 2, 0}, {1, 3, 2}, {3, -3, 4}}, {0, 0.001, 0.9}) == 3);  // weights do not count
    CHECK(norm_of({{4, 2, 0}, {1, 3, 2}, {3, -3, 9}}, {0, 0.5, 0}) == 3);      // a row of weight 0 is no partner
    CHECK(norm_of({{1, 2}, {1, 2}}, {0, 1}) == 0);                             // rows that agree
    CHECK(norm_of({{1, 2}, {0, 0}}, {0, 0}) == -1);                            // nobody to be contrasted with
}

TEST_CASE("banned tokens and tokens that a row finds impossible do not count") {
    const std::vector<std::vector<float>> rows = {{90, 1, 2}, {0, 4, 1}};
    CHECK(norm_of(rows, {0, 1}) == 90);
    CHECK(norm_of(rows, {0, 1}, TokenMask(3, {0}, {})) == 3);
    CHECK(norm_of(rows, {0, 1}, TokenMask(3, {}, {0})) == 90);  // end tokens are drawn, and count
    CHECK(norm_of({{-kInfinity, 1, 2}, {0, 4, 1}}, {0, 1}) == 3);
    CHECK(norm_of({{90, 1, 2}, {-kInfinity, 4, 1}}, {0, 1}) == 3);
    CHECK(norm_of({{-kInfinity, 1, 2}, {-kInfinity, 4, 1}}, {0, 1}) == 3);
    CHECK(norm_of({{90, 1, 2}, {-kInfinity, 4, 1}, {5, 0, 3}}, {0, 1, 1}) == 1);  // the one impossible token of three
    CHECK(norm_of({{-kInfinity, 1}, {0, -kInfinity}}, {0, 1}) == 0);              // none is left
}

TEST_CASE("a vocabulary longer than a tile is read to its end, and constants of rows do count") {
    Random random(3);
    const int n_vocab = 1500;
    std::vector<float> own = random_logits(random, n_vocab, 1), other = own;
    own[1499] += 50;
    CHECK(norm_of({own, other}, {0, 1}) == doctest::Approx(50).epsilon(1e-5));
    for (float & l : other) l += 100;  // raw logits: the offset of a forward pass is in the distance
    CHECK(norm_of({own, other}, {0, 1}) == doctest::Approx(100).epsilon(1e-5));
}
