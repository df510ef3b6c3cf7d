#include "sampling/coupling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "sampling/groups.h"
#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

using Matrix = std::vector<double>;

ContrastWeights weights_of(const Coupling & coupling, const std::vector<uint8_t> & active) {
    ContrastWeights out;
    contrast_weights(coupling, active.data(), out);
    return out;
}

void check_matrix(const Coupling & coupling, const std::vector<uint8_t> & active, const Matrix & expected) {
    const Matrix got = dense(weights_of(coupling, active), coupling.n_rows);
    REQUIRE(got.size() == expected.size());
    for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(expected[i]).epsilon(1e-15));
}

}  // namespace

TEST_CASE("FewGen couples nothing (eq. 4)") { check_matrix(hybrid_group(2, 2, 0, 0), {1, 1, 1, 1}, Matrix(16, 0.0)); }

TEST_CASE("Cross shares gamma - delta over the active rows of other labels (eq. 10)") {
    const Coupling cross = hybrid_group(2, 2, 0, 0.9);  // rows 0, 1 | 2, 3
    check_matrix(cross, {1, 1, 1, 1},
                 {0, 0, 0.45, 0.45,    // row 0
                  0, 0, 0.45, 0.45,    // row 1
                  0.45, 0.45, 0, 0,    // row 2
                  0.45, 0.45, 0, 0});  // row 3
    check_matrix(cross, {1, 1, 1, 0},
                 {0, 0, 0.9, 0,                          // row 3 has ended: row 2 takes its share
                  0, 0, 0.9, 0,                          //
                  0.45, 0.45, 0, 0,                      //
                  0, 0, 0, 0});                          //
    check_matrix(cross, {1, 1, 0, 0}, Matrix(16, 0.0));  // no other label is left
}

TEST_CASE("Cross at R = 1 is eq. 13: every other row gets (gamma - delta) / (M - 1)") {
    check_matrix(hybrid_group(4, 1, 0, 0.1), {1, 1, 1, 1}, [] {
        Matrix expected(16, 0.1 / 3);
        for (int m = 0; m < 4; ++m) expected[m * 5] = 0;
        return expected;
    }());
}

TEST_CASE("Intra shares gamma - delta over the active rows of the same label") {
    const Coupling intra = hybrid_group(2, 3, 0.5, 0);                     // rows 0, 1, 2 | 3, 4, 5
    check_matrix(intra, {1, 1, 1, 1, 0, 0}, {0,    0.25, 0.25, 0, 0, 0,    //
                                             0.25, 0,    0.25, 0, 0, 0,    //
                                             0.25, 0.25, 0,    0, 0, 0,    //
                                             0,    0,    0,    0, 0, 0,    // row 3 is alone in its label
                                             0,    0,    0,    0, 0, 0,    //
                                             0,    0,    0,    0, 0, 0});  //
}

TEST_CASE("Hybrid gives each of its two sets its own total (eqs. 11, 12)") {
    const Coupling hybrid = hybrid_group(2, 2, 0.5, 0.1);
    check_matrix(hybrid, {1, 1, 1, 1},
                 {0, 0.5, 0.05, 0.05,    //
                  0.5, 0, 0.05, 0.05,    //
                  0.05, 0.05, 0, 0.5,    //
                  0.05, 0.05, 0.5, 0});  //
    check_matrix(hybrid, {1, 0, 1, 1},
                 {0, 0, 0.05, 0.05,  // row 0 has lost its intra set: nothing moves to cross
                  0, 0, 0, 0,        //
                  0.1, 0, 0, 0.5,    //
                  0.1, 0, 0.5, 0});  //
}

TEST_CASE("a matrix is taken as given, but for its diagonal and the rows that have ended") {
    const Matrix given = {7,   0.1, 0.2,  //
                          0.3, 7,   0,    //
                          0.5, 0.6, 7};   //
    ContrastWeights out;
    const std::vector<uint8_t> all = {1, 1, 1}, first_ended = {0, 1, 1};
    contrast_weights(given.data(), 1, 3, all.data(), out);
    CHECK(dense(out, 3) == Matrix{0, 0.1, 0.2, 0.3, 0, 0, 0.5, 0.6, 0});
    contrast_weights(given.data(), 1, 3, first_ended.data(), out);  // the same object again: nothing of before is left
    CHECK(dense(out, 3) == Matrix{0, 0, 0, 0, 0, 0, 0, 0.6, 0});
}

TEST_CASE("a matrix reproduces each preset bit for bit") {
    for (const auto & preset : {hybrid_group(4, 2, 0.5, 0.1), hybrid_group(4, 1, 0, 0.1), hybrid_group(2, 4, 0.5, 0)}) {
        const std::vector<uint8_t> active(preset.n_rows, 1);
        const Matrix matrix = dense(weights_of(preset, active), preset.n_rows);
        ContrastWeights out;
        contrast_weights(matrix.data(), 1, preset.n_rows, active.data(), out);
        CHECK(dense(out, preset.n_rows) == matrix);
    }
}

TEST_CASE("what two sets say of the same pair adds up, and partners come in ascending order") {
    const Coupling coupling{4, {{0, 0.5, {3, 1}}, {0, 0.25, {3}}, {2, 0.125, {1, 0}}}};
    const ContrastWeights out = weights_of(coupling, {1, 1, 1, 1});
    CHECK(dense(out, 4) == Matrix{0, 0.25, 0, 0.5, 0, 0, 0, 0, 0.0625, 0.0625, 0, 0, 0, 0, 0, 0});
    REQUIRE(out.end(0) - out.begin(0) == 2);
    CHECK(out.begin(0)[0].row == 1);
    CHECK(out.begin(0)[1].row == 3);
    CHECK(out.begin(1) == out.end(1));
}

TEST_CASE("contrast sets without an active member are counted per active row") {
    const Coupling hybrid = hybrid_group(2, 2, 0.5, 0.1);
    CHECK(weights_of(hybrid, {1, 1, 1, 1}).empty_sets == std::vector<uint8_t>{0, 0, 0, 0});
    CHECK(weights_of(hybrid, {1, 0, 1, 1}).empty_sets == std::vector<uint8_t>{1, 0, 0, 0});
    CHECK(weights_of(hybrid, {1, 1, 0, 0}).empty_sets == std::vector<uint8_t>{1, 1, 0, 0});
    CHECK(weights_of(hybrid, {0, 0, 0, 1}).empty_sets == std::vector<uint8_t>{0, 0, 0, 2});
    CHECK(weights_of(hybrid, {0, 0, 0, 0}).empty_sets == std::vector<uint8_t>{0, 0, 0, 0});
}

TEST_CASE("gamma falls by what missing partners would have taken, to 1 at the least: the row is not sharpened") {
    using Own = std::vector<double>;
    //                                 gamma  active        own
    const std::tuple<double, std::vector<uint8_t>, Own> table[] = {
        {1.75, {1, 1, 1, 1}, {1.75, 1.75, 1.75, 1.75}}, {1.75, {1, 0, 1, 1}, {1.25, 1.75, 1.75, 1.75}},
        {1.75, {1, 1, 0, 0}, {1.5, 1.5, 1.75, 1.75}},   {1.75, {1, 0, 0, 0}, {1, 1.75, 1.75, 1.75}},
        {1.5, {1, 0, 0, 0}, {1, 1.5, 1.5, 1.5}},        {1, {1, 0, 0, 0}, {1, 1, 1, 1}},
        {0.75, {1, 0, 0, 0}, {0.75, 0.75, 0.75, 0.75}}};
    for (const auto & [gamma, active, own] : table) {
        Coupling hybrid = hybrid_group(2, 2, 0.5, 0.25);
        hybrid.gamma = gamma;
        CHECK(weights_of(hybrid, active).own == own);
        ContrastWeights none;
        no_contrast(hybrid, none);
        CHECK(none.own == Own(4, std::max(std::min(gamma, 1.0), gamma - 0.75)));
        CHECK(dense(none, 4) == Matrix(16, 0.0));
    }
    ContrastWeights out;
    const std::vector<uint8_t> last_ended = {1, 1, 0};
    contrast_weights(Matrix{0, 0.25, 0.5, 0, 0, 0, 0, 0, 0}.data(), 1.75, 3, last_ended.data(), out);
    CHECK(out.own == Own{1.25, 1.75, 1.75});
}

TEST_CASE("a guide of share w has w of what gamma the row's partners leave it, and its row the rest") {
    struct Row {
        double gamma, share;
        std::vector<uint8_t> active;
        double own, partner, guide;  // of row 0: Cross 0.5 with row 1; row 2 is its guide's
    };
    const Row table[] = {
        {1, 0.25, {1, 1, 1}, 0.75, 0.5, -0.25},
        {1, 0.25, {1, 0, 1}, 0.75, 0, -0.25},        // gamma 1 pays for nothing: it stays
        {1.5, 0.25, {1, 1, 1}, 1.125, 0.5, -0.375},  // gamma ((1 - w) l + w b)
        {1.5, 0.25, {1, 0, 1}, 0.75, 0, -0.25},      // gamma falls to 1 with the partner
        {1.5, 1, {1, 1, 1}, 0, 0.5, -1.5},           // the guide alone
    };
    for (const Row & row : table) {
        const Coupling coupling{3, {{0, -row.share, {2}}, {0, 0.5, {1}}}, row.gamma};
        Coupling other_order = coupling;
        std::swap(other_order.sets[0], other_order.sets[1]);
        for (const Coupling & c : {coupling, other_order}) {
            const ContrastWeights out = weights_of(c, row.active);
            CHECK(out.own[0] == row.own);
            CHECK(dense(out, 3) == Matrix{0, row.partner, row.guide, 0, 0, 0, 0, 0, 0});
            ContrastWeights none;
            no_contrast(c, none);
            CHECK(none.own[0] == 1);
            CHECK(dense(none, 3) == Matrix(9, 0.0));
        }
    }
}

TEST_CASE("whatever the order of ending, a row's weights sum to the totals of its sets that are not empty, or to 0") {
    Random random(6);
    for (int i = 0; i < 200; ++i) {
        const int n_labels = 1 + random.below(5), repeat = 1 + random.below(4);
        const double intra = random.pick<double>({0, 0.5}), cross = random.pick<double>({0, 0.1, 0.9});
        const Coupling coupling = hybrid_group(n_labels, repeat, intra, cross);
        std::vector<uint8_t> active(coupling.n_rows, 1);
        for (int left = coupling.n_rows; left >= 0; --left) {
            const ContrastWeights weights = weights_of(coupling, active);
            for (int m = 0; m < coupling.n_rows; ++m) {
                int same = 0, other = 0;
                for (int n = 0; n < coupling.n_rows; ++n) {
                    if (n != m && active[n]) (n / repeat == m / repeat ? same : other)++;
                }
                const double expected = active[m] ? (same ? intra : 0) + (other ? cross : 0) : 0;
                const double sum = std::accumulate(weights.begin(m), weights.end(m), 0.0,
                                                   [](double total, const Partner & p) { return total + p.weight; });
                CHECK(sum == doctest::Approx(expected).epsilon(1e-12));
            }
            if (left == 0) break;
            int ends = random.below(left);  // the ends-th of the rows still active
            for (int m = 0; m < coupling.n_rows; ++m) {
                if (active[m] && ends-- == 0) active[m] = 0;
            }
        }
    }
}
