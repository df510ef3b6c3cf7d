#include "sampling/fixed_math.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "sampling/helpers.h"

using namespace corrsynth;
using corrsynth_test::Random;

namespace {

__extension__ using Wide = unsigned __int128;

int64_t bits_of(double x) {
    int64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

// Representable doubles between two positive ones.
int64_t steps_apart(double a, double b) { return std::abs(bits_of(a) - bits_of(b)); }

}  // namespace

TEST_CASE("fixed_exp is within 2 representable numbers of the library's exp") {
    int64_t worst = 0;
    for (double x = -699.9; x <= 0; x += 0.000699) worst = std::max(worst, steps_apart(fixed_exp(x), std::exp(x)));
    for (double x = -30; x <= 0; x += 0.00003) worst = std::max(worst, steps_apart(fixed_exp(x), std::exp(x)));
    CHECK(worst <= 2);
}

TEST_CASE("fixed_exp is 1 at 0 and 0 from its cut on") {
    CHECK(fixed_exp(0.0) == 1.0);
    CHECK(fixed_exp(-0.0) == 1.0);
    CHECK(fixed_exp(-699.999) > 0.0);
    CHECK(fixed_exp(-700.0) == 0.0);
    CHECK(fixed_exp(-701.0) == 0.0);
    CHECK(fixed_exp(-std::numeric_limits<double>::infinity()) == 0.0);
}

TEST_CASE("fixed_exp does not fall while its argument grows, also where the reduction steps to the next power of two") {
    int falls = 0;
    double previous = 0;
    for (double x = -60; x <= 0; x += 0.00005) {
        falls += fixed_exp(x) < previous;
        previous = fixed_exp(x);
    }
    for (int k = 0; k < 1000; ++k) {
        double x = -(k + 0.5) * 0.6931471805599453;
        for (int i = 0; i < 8; ++i) x = std::nextafter(x, -1e9);
        for (int i = 0; i < 16; ++i) {  // 2^-40 apart, far below what moves a mass
            const double next = x + 0x1p-40;
            falls += fixed_exp(next) < fixed_exp(x);
            x = next;
        }
    }
    CHECK(falls == 0);
}

TEST_CASE("the mode has mass 2^40, half its probability 2^39, and 28 nats below nothing is left") {
    for (const double best : {0.0, 1.0, -1234.5, 3e38, -3e38}) CHECK(mass(best, best) == uint64_t{1} << 40);
    CHECK(std::abs(static_cast<double>(mass(5.0 - std::log(2.0), 5.0)) - 0x1p39) <= 1.0);
    CHECK(mass(-27.72, 0.0) == 1);  // 40 ln 2 = 27.7259
    CHECK(mass(-27.73, 0.0) == 0);
    CHECK(mass(-std::numeric_limits<double>::infinity(), 0.0) == 0);
}

TEST_CASE("the nucleus target is the smallest integer mass that reaches the share") {
    CHECK(mass_target(1.0, 10) == 10);
    CHECK(mass_target(0.9, 10) == 9);
    CHECK(mass_target(0.91, 10) == 10);
    CHECK(mass_target(0.5, 11) == 6);
    CHECK(mass_target(0.5, 1) == 1);
    CHECK(mass_target(1e-300, uint64_t{1} << 57) == 1);
    CHECK(mass_target(std::nextafter(1.0, 0.0), uint64_t{1} << 40) == uint64_t{1} << 40);
    const uint64_t huge = (uint64_t{1} << 57) - 1;  // a double rounds it up to 2^57: the target must stay within total
    CHECK(mass_target(std::nextafter(1.0, 0.0), huge) <= huge);
    CHECK(mass_target(1.0, huge) == huge);
    CHECK(mass_target(1.0, huge + 2) == huge + 2);  // and here a double would round it down
    CHECK(mass_target(0.9, 0) == 0);
}

TEST_CASE("multiply_high is the upper half of the 128-bit product") {
    const uint64_t top = ~uint64_t{0};
    const std::vector<uint64_t> edges = {0, 1, 2, 0xffffffffu, uint64_t{1} << 32, uint64_t{1} << 63, top - 1, top};
    for (const uint64_t a : edges) {
        for (const uint64_t b : edges) CHECK(multiply_high(a, b) == static_cast<uint64_t>((Wide{a} * b) >> 64));
    }
    Random random(1);
    int wrong = 0;
    for (int i = 0; i < 100000; ++i) {
        const uint64_t a = random.bits() >> random.below(64), b = random.bits() >> random.below(64);
        wrong += multiply_high(a, b) != static_cast<uint64_t>((Wide{a} * b) >> 64);
    }
    CHECK(wrong == 0);
}
