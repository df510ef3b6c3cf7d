#include "sampling/log_sum_exp.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

double exact(const std::vector<float> & x) {
    const double top = *std::max_element(x.begin(), x.end());
    double sum = 0;
    for (const float v : x) sum += std::exp(static_cast<double>(v) - top);
    return top + std::log(sum);
}

double of(const std::vector<float> & x) { return log_sum_exp(x.data(), static_cast<int>(x.size())); }

}  // namespace

TEST_CASE("it is off by less than 1e-6, whatever the size, the spread and the place of the values") {
    Random random(5);
    for (const int n : {1, 2, 15, 16, 17, 3072, 49152}) {
        for (const double spread : {0.0, 1e-3, 1.0, 8.0, 60.0}) {
            for (const double shift : {0.0, -400.0, 300.0}) {
                std::vector<float> x(n);
                for (float & v : x) v = static_cast<float>(shift + spread * random.bell());
                CHECK(std::fabs(of(x) - exact(x)) < 1e-6);
            }
        }
    }
}

TEST_CASE("values that are worked out by hand") {
    CHECK(of({0}) == 0);
    CHECK(std::fabs(of({0, 0, 0, 0}) - std::log(4.0)) < 1e-6);
    CHECK(of({100, 0, -kInfinity}) == 100);  // the second is 1e-44 of it
    CHECK(of({-kInfinity, -kInfinity}) == -kInfinity);
}

TEST_CASE("NaN and +inf are told wherever they stand") {
    for (const float bad : {kNan, kInfinity}) {
        for (const int n : {1, 16, 40}) {
            for (int at = 0; at < n; ++at) {
                std::vector<float> x(n, 1.0f);
                x[at] = bad;
                CHECK(std::isnan(of(x)));
            }
        }
    }
}
