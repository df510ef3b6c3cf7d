// What drawing one step costs, one thread, on the same logits: ours, beside llama.cpp's own sampler chain for each row
// (top-p and dist; no contrast at all), and beside the contrast over the whole vocabulary before that chain. The logits
// are swept out of the cache before each measurement, as a decode would.
//
//   sampler ROUNDS     prints one JSON object a shape, times in ms per step, medians
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "engine/llama_handles.h"
#include "sampling/sample_step.h"

namespace {

using namespace corrsynth;
using Clock = std::chrono::steady_clock;

struct Shape {
    int rows, vocab;
};

// Rows that agree on most of the vocabulary and share half of their best tokens, deviation about 1.8, some 40
// plausible.
std::vector<float> logits_of(const Shape & s) {
    std::mt19937_64 random(3);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> common(s.vocab), logits(static_cast<size_t>(s.rows) * s.vocab);
    for (float & x : common) x = 1.6f * normal(random);
    for (int m = 0; m < s.rows; ++m) {
        for (int w = 0; w < s.vocab; ++w)
            logits[static_cast<size_t>(m) * s.vocab + w] = common[w] + 0.7f * normal(random);
    }
    for (int k = 0; k < 40; ++k) {
        const size_t w = random() % s.vocab;
        for (int m = 0; m < s.rows; ++m) {
            if (random() & 1) logits[static_cast<size_t>(m) * s.vocab + w] += 7.0f + 0.1f * static_cast<float>(k);
        }
    }
    return logits;
}

// Hybrid, two rows a label.
std::vector<double> matrix_of(int rows) {
    std::vector<double> matrix(static_cast<size_t>(rows) * rows, 0);
    for (int m = 0; m < rows; ++m) {
        for (int n = 0; n < rows; ++n) {
            if (m != n) matrix[static_cast<size_t>(m) * rows + n] = m / 2 == n / 2 ? 0.5 : 0.1 / (rows - 2);
        }
    }
    return matrix;
}

void chain(const float * logits, int vocab, uint32_t seed) {
    const LlamaSamplerHandle sampler(llama_sampler_chain_init(llama_sampler_chain_default_params()));
    llama_sampler_chain_add(sampler.get(), llama_sampler_init_top_p(0.9f, 1));
    llama_sampler_chain_add(sampler.get(), llama_sampler_init_dist(seed));
    std::vector<llama_token_data> tokens(vocab);
    for (int w = 0; w < vocab; ++w) tokens[w] = {w, logits[w], 0};
    llama_token_data_array array{tokens.data(), tokens.size(), -1, false};
    llama_sampler_apply(sampler.get(), &array);
}

// The contrast of every token of every row, the mask, then the chain: what one would write first.
void plain(const std::vector<float> & logits, const std::vector<double> & matrix, const Shape & s) {
    std::vector<float> row(s.vocab);
    for (int m = 0; m < s.rows; ++m) {
        const float * own = logits.data() + static_cast<size_t>(m) * s.vocab;
        const float threshold = *std::max_element(own, own + s.vocab) + std::log(1e-3f);
        std::copy(own, own + s.vocab, row.begin());
        for (int n = 0; n < s.rows; ++n) {
            const auto weight = static_cast<float>(matrix[static_cast<size_t>(m) * s.rows + n]);
            const float * other = logits.data() + static_cast<size_t>(n) * s.vocab;
            for (int w = 0; w < s.vocab; ++w) row[w] -= weight * other[w];
        }
        for (int w = 0; w < s.vocab; ++w) row[w] = own[w] >= threshold ? row[w] : -INFINITY;
        chain(row.data(), s.vocab, static_cast<uint32_t>(m));
    }
}

template <typename Work>
double median_ms(int rounds, Work && work) {
    static std::vector<float> sweep(12 << 20);
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        for (float & x : sweep) x += 1;
        const auto start = Clock::now();
        work(static_cast<uint32_t>(round));
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: sampler ROUNDS\n");
        return 2;
    }
    const int rounds = std::atoi(argv[1]);
    for (const Shape & s : {Shape{8, 32064}, Shape{20, 49152}, Shape{20, 152064}}) {
        const std::vector<float> logits = logits_of(s);
        const std::vector<double> matrix = matrix_of(s.rows);
        const std::vector<uint8_t> active(s.rows, 1);
        ContrastWeights weights;
        contrast_weights(matrix.data(), 1, s.rows, active.data(), weights);
        StepScratch scratch(s.rows, s.vocab);
        std::vector<int32_t> tokens(s.rows);
        const auto ours = [&](double alpha, uint32_t step) {
            StepParams params;
            params.alpha = alpha;
            const LogitsView view{logits.data(), static_cast<size_t>(s.vocab), s.rows, s.vocab, nullptr};
            sample_step(params, TokenMask(), {view, &weights, active.data(), 0, step}, scratch, tokens.data(), nullptr);
        };
        const double masked = median_ms(rounds, [&](uint32_t step) { ours(1e-3, step); });
        const double whole = median_ms(rounds, [&](uint32_t step) { ours(0, step); });
        const double alone = median_ms(rounds, [&](uint32_t step) {
            for (int m = 0; m < s.rows; ++m) chain(logits.data() + static_cast<size_t>(m) * s.vocab, s.vocab, step);
        });
        const double contrasted = median_ms(rounds, [&](uint32_t) { plain(logits, matrix, s); });
        std::printf(
            "{\"rows\": %d, \"vocabulary\": %d, \"oursMs\": %.3f, \"oursAlpha0Ms\": %.3f, \"chainMs\": %.3f, "
            "\"plainMs\": %.3f, \"chainOverOurs\": %.1f, \"plainOverOurs\": %.1f}\n",
            s.rows, s.vocab, masked, whole, alone, contrasted, alone / masked, contrasted / masked);
    }
    return 0;
}
