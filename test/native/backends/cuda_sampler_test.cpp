// The CUDA sampler, its kernels run by an emulation of blocks and warps, against sample_step: equal bit for bit, with
// the threads and blocks run in order and in reverse.
#include <doctest/doctest.h>

#include <memory>

#include "backends/emulation/cuda_runtime.h"
#include "backends/random_batch.h"
#include "sampling/plausibility.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

struct Close {
    void operator()(corrsynth_cuda * sampler) const { corrsynth_cuda_close(sampler); }
};
using SamplerHandle = std::unique_ptr<corrsynth_cuda, Close>;

SamplerHandle open(const Batch & batch, int max_rows) {
    const std::vector<uint8_t> flags = token_flags(batch);
    const corrsynth_cuda_config config{batch.logits.data(), max_rows, batch.n_vocab, flags.data()};
    char message[256];
    SamplerHandle sampler(corrsynth_cuda_open(&config, message));
    REQUIRE_MESSAGE(sampler, message);
    return sampler;
}

BatchOutcome run(const SamplerHandle & sampler, const Batch & batch, bool wants_log_probs, bool reversed,
                 bool weights_changed = true) {
    cuda_emulation::reversed = reversed;
    const BatchOutcome out = cuda_outcome(corrsynth_cuda_step, sampler.get(), batch, batch.logits.data() + batch.offset,
                                          wants_log_probs, weights_changed);
    cuda_emulation::reversed = false;
    REQUIRE_MESSAGE(out.status != CORRSYNTH_CUDA_ERROR, out.message);
    return out;
}

// 0 when a step gives what sample_step gives, in both orders.
int disagreements(const Batch & batch, bool wants_log_probs, uint64_t * dense_steps = nullptr) {
    const SamplerHandle sampler = open(batch, batch.n_rows());
    const BatchOutcome expected = expected_outcome(batch, wants_log_probs);
    REQUIRE(expected.status == CORRSYNTH_CUDA_OK);
    int wrong = 0;
    for (const bool reversed : {false, true}) wrong += !(run(sampler, batch, wants_log_probs, reversed) == expected);
    if (wrong > 0) {
        MESSAGE("M ", batch.n_rows(), " V ", batch.n_vocab, " alpha ", batch.params.alpha, " T ",
                batch.params.temperature, " p ", batch.params.top_p, " k ", batch.params.top_k);
    }
    if (dense_steps) *dense_steps += corrsynth_cuda_count(sampler.get()).dense_steps;
    return wrong;
}

}  // namespace

TEST_CASE("250 random steps of 1, 3 and 20 rows over 1 to 1200 tokens give the tokens of sample_step") {
    Random random(40);
    int wrong = 0;
    for (int i = 0; i < 250; ++i) {
        const int n_vocab = random.pick<int>({1, 5, 111, 256, 257, 1 + random.below(1200)});
        wrong += disagreements(random_batch(random, {random.pick<int>({1, 3, 3, 20})}, n_vocab), random.chance(0.5));
    }
    CHECK(wrong == 0);
}

TEST_CASE("steps of 160 rows, in one group and in eight, give the tokens of sample_step") {
    Random random(41);
    int wrong = 0;
    for (int i = 0; i < 3; ++i) {
        wrong += disagreements(random_batch(random, {160}, 111), i % 2);
        wrong += disagreements(random_batch(random, std::vector<int>(8, 20), 500), i % 2);
    }
    CHECK(wrong == 0);
}

TEST_CASE("groups of different sizes in one step are drawn for as if each were alone") {
    Random random(42);
    int wrong = 0;
    for (int i = 0; i < 40; ++i) {
        std::vector<int> sizes(1 + random.below(6));
        for (int & n : sizes) n = 1 + random.below(9);
        wrong += disagreements(random_batch(random, sizes, 5 + random.below(400)), i % 2);
    }
    CHECK(wrong == 0);
}

TEST_CASE("steps over vocabularies of models give the tokens of sample_step, whatever is plausible") {
    Random random(43);
    int wrong = 0;
    uint64_t dense_steps = 0;
    const struct {
        int n_rows, n_vocab;
        double alpha;
    } shapes[] = {{20, 32064, 1e-3},  {20, 32064, 0},   {3, 151936, 1e-3}, {3, 151936, 0},
                  {3, 151936, 1e-12}, {1, 151936, 0.1}, {1, 151936, 1}};
    for (const auto & shape : shapes) {
        Batch batch = random_batch(random, {shape.n_rows}, shape.n_vocab);
        batch.params.alpha = shape.alpha;
        wrong += disagreements(batch, shape.n_rows == 1, &dense_steps);
    }
    CHECK(wrong == 0);
    CHECK(dense_steps >= 4);  // the two of alpha 0, in both orders
}

TEST_CASE("more plausible tokens than a list holds are scored over the whole vocabulary, with the same tokens") {
    Random random(44);
    Batch batch = random_batch(random, {2}, 20000);
    batch.logits = random_logits(random, batch.logits.size(), 0.1);
    batch.groups[0].active = batch.groups[0].draws = {1, 1};
    batch.groups[0].row_index = {1, 0};
    batch.params.alpha = 1e-3;
    for (const bool keeps_ends : {false, true}) {
        batch.params.keeps_ends = keeps_ends;
        for (const bool wants_log_probs : {false, true}) {
            uint64_t dense_steps = 0;
            CHECK(disagreements(batch, wants_log_probs, &dense_steps) == 0);
            CHECK(dense_steps == 2);
        }
    }
}

TEST_CASE("a logit on the plausibility threshold is in, one float below it is out, as in sample_step") {
    Random random(45);
    int wrong = 0;
    for (int i = 0; i < 100; ++i) {
        Batch batch = random_batch(random, {1}, 40);
        batch.groups[0].active = batch.groups[0].draws = {1};
        batch.groups[0].row_index = {0};
        batch.banned.clear();
        batch.params.alpha = random.pick<double>({1e-3, 0.1, 0.5, 1});
        batch.params.temperature = 20;  // flat: what is plausible shows in the draw
        batch.params.top_p = 1;
        batch.params.top_k = 0;
        const auto best = static_cast<float>(random.pick<double>({0, 3, -2, 1e-3, 6.9}) + random.uniform());
        const float threshold = plausibility_threshold(best, std::log(batch.params.alpha));
        float * row = batch.row(0, 0);
        for (int w = 0; w < 40; ++w) row[w] = w % 2 ? threshold : std::nextafterf(threshold, -kInfinity);
        row[random.below(40)] = best;
        wrong += disagreements(batch, false);
    }
    CHECK(wrong == 0);
}

TEST_CASE("steps that change nothing but the draws need no new weights, and copy four bytes a row to the host") {
    Random random(46);
    Batch batch = random_batch(random, {5, 7}, 300);
    for (BatchGroup & g : batch.groups) g.row_index = shuffled(random, g.n_rows);
    for (float & l : batch.logits) l = std::isfinite(l) ? l : 0.0f;
    batch.params.keeps_ends = true;
    std::fill(batch.groups[1].draws.begin(), batch.groups[1].draws.end(),
              uint8_t{0});  // its rows are needed later only
    const SamplerHandle sampler = open(batch, 16);
    CHECK(run(sampler, batch, false, false) == expected_outcome(batch, false));
    const corrsynth_cuda_counters first = corrsynth_cuda_count(sampler.get());
    for (uint32_t step = 0; step < 20; ++step) {
        for (BatchGroup & g : batch.groups) {
            g.step = step;
            for (int m = 0; m < g.n_rows; ++m) g.draws[m] = g.active[m] && random.chance(0.8);
        }
        CHECK(run(sampler, batch, false, step % 2 == 1, false) == expected_outcome(batch, false));
    }
    const corrsynth_cuda_counters later = corrsynth_cuda_count(sampler.get());
    CHECK(later.bytes_to_host - first.bytes_to_host == 20 * 12 * 4);
    CHECK(later.bytes_to_device - first.bytes_to_device <= 20 * 12 * 48);
    CHECK(run(sampler, batch, true, false, false) == expected_outcome(batch, true));
    CHECK(corrsynth_cuda_count(sampler.get()).bytes_to_host - later.bytes_to_host == 12 * 20);
    CHECK(later.steps == 21);
}

TEST_CASE("tokens are drawn as often as the contrasted distribution says") {
    Batch batch;
    batch.n_vocab = 7;
    batch.stride = 7;
    batch.logits = {3, 2.5, 2, 1, 0, -1, -9,  //
                    0, 2.5, 1, 3, 0, -2, 4};
    batch.groups.push_back({2, {0, 0.5, 0, 0}, {1, 1}, {1, 1}, {0, 1}});
    contrast_weights(batch.groups[0].matrix.data(), 1, 2, batch.groups[0].active.data(), batch.groups[0].weights);
    batch.params.alpha = 0.01;  // ln 0.01 = -4.6: the last token of row 0 falls out
    batch.params.temperature = 1.5;
    batch.params.top_p = 1;
    batch.params.seed = 47;
    const std::vector<double> probs =
        softmax({3 / 1.5, 1.25 / 1.5, 1.5 / 1.5, -0.5 / 1.5, 0, 0, -std::numeric_limits<double>::infinity()});
    const SamplerHandle sampler = open(batch, 2);
    std::vector<int> counts(7, 0);
    for (int i = 0; i < 800; ++i) {
        batch.groups[0].step = static_cast<uint32_t>(i);
        counts[run(sampler, batch, false, false, i == 0).tokens[0]]++;
    }
    const ChiSquare chi = chi_square(counts, probs);
    CHECK_FALSE(chi.impossible_drawn);
    CHECK(chi.df == 5);
    CHECK(chi.statistic < chi_square_limit(chi.df));
}
