// The nucleus and the draw of the CUDA sampler against draw_from_nucleus, with random numbers that fall on the borders
// between tokens.
#include <doctest/doctest.h>

#include "backends/cuda/nucleus.cuh"
#include "sampling/helpers.h"
#include "sampling/nucleus.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

__global__ void draw_one(cuda::Candidates candidates, double top_p, int top_k, uint64_t uniform, int * chosen) {
    const uint64_t key = cuda::nucleus_key(candidates, top_p, top_k);
    const int drawn = cuda::draw_by_mass(candidates, key, uniform);
    if (threadIdx.x == 0) *chosen = drawn;
}

int emulated_draw(const std::vector<double> & scores, double top_p, int top_k, uint64_t uniform, int n_threads) {
    const double best = *std::max_element(scores.begin(), scores.end());
    int chosen = -2;
    CORRSYNTH_LAUNCH(draw_one, dim3(1), dim3(static_cast<unsigned>(n_threads)), nullptr,
                     {scores.data(), static_cast<int>(scores.size()), best, 1.0}, top_p, top_k, uniform, &chosen);
    return chosen;
}

int expected_draw(const std::vector<double> & scores, double top_p, int top_k, uint64_t uniform) {
    NucleusScratch scratch(static_cast<int>(scores.size()));
    return draw_from_nucleus(scores.data(), static_cast<int>(scores.size()), top_p, top_k, uniform, scratch);
}

}  // namespace

TEST_CASE("a random number on the border of two tokens falls to the later one, wherever the border lies") {
    for (const int n : {1, 2, 32, 64, 1024, 2048}) {
        const std::vector<double> equal(n, 0.0);
        for (int k = 0; k < n; k += 1 + n / 64) {
            const auto border = static_cast<uint64_t>(k) * (UINT64_MAX / static_cast<uint64_t>(n) + 1);
            for (const uint64_t uniform : {border, border - 1, border + (uint64_t{1} << 32)}) {
                CHECK(emulated_draw(equal, 1, 0, uniform, 128) == expected_draw(equal, 1, 0, uniform));
            }
        }
    }
}

TEST_CASE(
    "300 random nuclei of up to 3000 candidates, ties and lost causes among them, draw what draw_from_nucleus draws") {
    Random random(55);
    int wrong = 0;
    for (int i = 0; i < 300; ++i) {
        const int n = 1 + random.below(random.pick<int>({4, 40, 3000}));
        const double spread = random.pick<double>({0.01, 1, 5, 100}), quantum = random.pick<double>({0, 0, 0.5});
        std::vector<double> scores(n);
        for (double & s : scores) {
            s = random.bell() * spread;
            if (quantum > 0) s = std::round(s / quantum) * quantum;  // -0 beside +0 as well
        }
        const double top_p = random.pick<double>({0.9, 1, 0.5, 1e-9, 0.999999});
        const int top_k = random.pick<int>({0, 0, 1, 7, 100});
        const uint64_t uniform = random.pick<uint64_t>({0, UINT64_MAX, random.bits(), random.bits()});
        cuda_emulation::reversed = random.chance(0.5);
        wrong += emulated_draw(scores, top_p, top_k, uniform, random.pick<int>({64, 128, 512})) !=
                 expected_draw(scores, top_p, top_k, uniform);
        cuda_emulation::reversed = false;
    }
    CHECK(wrong == 0);
}
