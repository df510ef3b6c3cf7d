#include "sampling/rng.h"

#include <doctest/doctest.h>

#include "sampling/helpers.h"

using namespace corrsynth;

namespace {

void check_philox(Philox counter, uint32_t key0, uint32_t key1, Philox expected) {
    const Philox out = philox4x32_10(counter, key0, key1);
    for (int i = 0; i < 4; ++i) CHECK(out.word[i] == expected.word[i]);
}

}  // namespace

TEST_CASE("Philox4x32-10 gives the known answers that its authors publish (Random123, kat_vectors)") {
    const uint32_t all = 0xffffffffu;
    check_philox({{0, 0, 0, 0}}, 0, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
    check_philox({{all, all, all, all}}, all, all, {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
    check_philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0,
                 {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});
}

TEST_CASE("a draw's number has the seed as key, counter (step, row, group low, group high) and takes words 1 and 0") {
    // the third known answer again, its words put where a draw puts them
    CHECK(uniform_bits(0x299f31d0a4093822u, 0x0370734413198a2eu, 0x85a308d3, 0x243f6a88) == 0x94fdccebd16cfe09u);
}

TEST_CASE("the number that decides about an ending has the same name and takes words 3 and 2") {
    CHECK(ending_bits(0x299f31d0a4093822u, 0x0370734413198a2eu, 0x85a308d3, 0x243f6a88) == 0x24126ea15001e420u);
}

TEST_CASE("every part of a draw's name changes its number") {
    const uint64_t base = uniform_bits(7, 1, 2, 3);
    CHECK(uniform_bits(7, 1, 2, 3) == base);
    CHECK(uniform_bits(8, 1, 2, 3) != base);
    CHECK(uniform_bits(7 + (uint64_t{1} << 32), 1, 2, 3) != base);
    CHECK(uniform_bits(7, 2, 2, 3) != base);
    CHECK(uniform_bits(7, 1 + (uint64_t{1} << 32), 2, 3) != base);
    CHECK(uniform_bits(7, 1, 3, 3) != base);
    CHECK(uniform_bits(7, 1, 2, 4) != base);
    CHECK(uniform_bits(7, 1, 3, 2) != base);
}

TEST_CASE("the leading byte of the numbers of 64 rows over 1000 steps is uniform") {
    std::vector<int> counts(256, 0);
    for (uint32_t step = 0; step < 1000; ++step) {
        for (uint32_t row = 0; row < 64; ++row) counts[uniform_bits(42, 5, row, step) >> 56]++;
    }
    const auto chi = corrsynth_test::chi_square(counts, std::vector<double>(256, 1.0 / 256));
    CHECK(chi.statistic < corrsynth_test::chi_square_limit(chi.df));
}
