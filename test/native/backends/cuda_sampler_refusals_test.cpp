// What the CUDA sampler does not draw from, and what it says of it: logits that are no numbers, rows without a token,
// memory that is not a device's, calls that do not fit.
#include <doctest/doctest.h>

#include <cstring>

#include "backends/emulation/cuda_runtime.h"
#include "backends/random_batch.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// Two groups, of 2 and 3 rows over 300 tokens, all active, each row contrasted with all others of its group.
Batch small_batch() {
    Random random(50);
    Batch batch;
    batch.n_vocab = 300;
    batch.stride = 300;
    batch.logits = random_logits(random, 5 * 300, 2);
    batch.banned = {7};
    int place = 0;
    for (const int n_rows : {2, 3}) {
        BatchGroup g{n_rows,
                     std::vector<double>(n_rows * n_rows, 0.3),
                     std::vector<uint8_t>(n_rows, 1),
                     std::vector<uint8_t>(n_rows, 1),
                     {}};
        for (int m = 0; m < n_rows; ++m) g.row_index.push_back(place++);
        contrast_weights(g.matrix.data(), g.gamma, n_rows, g.active.data(), g.weights);
        batch.groups.push_back(g);
    }
    return batch;
}

corrsynth_cuda_config config_of(const Batch & batch, int max_rows) {
    return {batch.logits.data(), max_rows, batch.n_vocab, nullptr};
}

BatchOutcome outcome_of(const Batch & batch) {
    const std::vector<uint8_t> flags = token_flags(batch);
    const corrsynth_cuda_config config{batch.logits.data(), 5, batch.n_vocab, flags.data()};
    char message[256];
    corrsynth_cuda * sampler = corrsynth_cuda_open(&config, message);
    REQUIRE(sampler);
    const BatchOutcome out = cuda_outcome(corrsynth_cuda_step, sampler, batch, batch.logits.data(), true);
    corrsynth_cuda_close(sampler);
    return out;
}

std::string refusal_to_open(const corrsynth_cuda_config & config) {
    char message[256];
    corrsynth_cuda * sampler = corrsynth_cuda_open(&config, message);
    CHECK_FALSE(sampler);
    corrsynth_cuda_close(sampler);
    return message;
}

}  // namespace

TEST_CASE("a row with a NaN or +inf is named, and nothing is drawn") {
    for (const float poison : {kNan, -kNan, kInfinity}) {
        for (const int w : {0, 255, 256, 299}) {
            Batch batch = small_batch();
            batch.row(1, 1)[w] = poison;
            const BatchOutcome out = outcome_of(batch);
            CHECK(out.status == CORRSYNTH_CUDA_NOT_A_NUMBER);
            CHECK(out.group == 1);
            CHECK(out.row == 1);
            CHECK(out == expected_outcome(batch, true));
        }
    }
}

TEST_CASE("a banned token may be +inf, since it is never looked at, but not NaN") {
    Batch batch = small_batch();
    batch.row(0, 0)[7] = kNan;
    CHECK(outcome_of(batch).status == CORRSYNTH_CUDA_NOT_A_NUMBER);
    CHECK(outcome_of(batch) == expected_outcome(batch, true));
    batch.row(0, 0)[7] = 1e30f;
    CHECK(outcome_of(batch).status == CORRSYNTH_CUDA_OK);
    CHECK(outcome_of(batch) == expected_outcome(batch, true));
    batch.row(0, 0)[7] = kInfinity;
    CHECK(outcome_of(batch).status == CORRSYNTH_CUDA_OK);
    CHECK(outcome_of(batch).tokens == expected_outcome(batch, true).tokens);
}

TEST_CASE("a row in which nothing can be drawn is named, banned tokens not counting") {
    Batch batch = small_batch();
    std::fill_n(batch.row(1, 2), 300, -kInfinity);
    batch.row(1, 2)[7] = 3;
    const BatchOutcome out = outcome_of(batch);
    CHECK(out.status == CORRSYNTH_CUDA_NOTHING_PLAUSIBLE);
    CHECK(out.group == 1);
    CHECK(out.row == 2);
    CHECK(out == expected_outcome(batch, true));
}

TEST_CASE("of several bad rows the first of the first group is named; what nobody reads may be bad") {
    Batch batch = small_batch();
    batch.row(1, 0)[3] = kNan;
    std::fill_n(batch.row(0, 1), 300, -kInfinity);
    CHECK(outcome_of(batch) == expected_outcome(batch, true));
    CHECK(outcome_of(batch).group == 0);
    // row 0 of group 0 is contrasted with row 1 only as long as that is active
    BatchGroup & g = batch.groups[0];
    g.active[1] = g.draws[1] = 0;
    contrast_weights(g.matrix.data(), g.gamma, 2, g.active.data(), g.weights);
    CHECK(outcome_of(batch) == expected_outcome(batch, true));
    CHECK(outcome_of(batch).group == 1);
    // not drawn for, but a partner: read, hence named
    batch.groups[1].draws[0] = 0;
    CHECK(outcome_of(batch) == expected_outcome(batch, true));
    CHECK(outcome_of(batch).status == CORRSYNTH_CUDA_NOT_A_NUMBER);
}

TEST_CASE("a bad row does no harm beyond itself: partners' arithmetic on it ends, at every alpha and with top-k") {
    for (const float poison : {kNan, -kNan, kInfinity, -kInfinity}) {
        for (const double alpha : {0.0, 1e-3}) {
            Batch batch = small_batch();
            std::fill_n(batch.row(1, 0), 300, poison);
            batch.params.alpha = alpha;
            batch.params.top_k = 3;
            CHECK(outcome_of(batch) == expected_outcome(batch, true));
            CHECK(outcome_of(batch).status != CORRSYNTH_CUDA_OK);
        }
    }
}

TEST_CASE("opening on host memory, without a device, or with impossible sizes says why") {
    const Batch batch = small_batch();
    cuda_emulation::is_host_memory = true;
    CHECK(refusal_to_open(config_of(batch, 5)).find("received a pointer to host memory") != std::string::npos);
    cuda_emulation::is_host_memory = false;
    cuda_emulation::has_device = false;
    CHECK(refusal_to_open(config_of(batch, 5)).find("no CUDA-capable device") != std::string::npos);
    cuda_emulation::has_device = true;
    CHECK(refusal_to_open(config_of(batch, 0)).find("received 0 and 300") != std::string::npos);
    CHECK(refusal_to_open(config_of(batch, 100000)).find("received 100000 and 300") != std::string::npos);
}

TEST_CASE("a step that does not fit says why, and the next one that fits is drawn") {
    Batch batch = small_batch();
    const std::vector<uint8_t> flags = token_flags(batch);
    const corrsynth_cuda_config config{batch.logits.data(), 4, batch.n_vocab, flags.data()};
    char message[256];
    corrsynth_cuda * sampler = corrsynth_cuda_open(&config, message);
    REQUIRE(sampler);
    const auto step = [&](const float * logits, bool weights_changed) {
        return cuda_outcome(corrsynth_cuda_step, sampler, batch, logits, false, weights_changed);
    };
    CHECK(step(batch.logits.data(), true).message.find("at most 4 rows") != std::string::npos);
    batch.groups.pop_back();
    CHECK(step(batch.logits.data(), true) == expected_outcome(batch, false));
    batch.groups.push_back(batch.groups[0]);
    const BatchOutcome out = step(batch.logits.data(), false);
    CHECK(out.status == CORRSYNTH_CUDA_ERROR);
    CHECK(out.message.find("set weights_changed") != std::string::npos);
    CHECK(out.tokens == std::vector<int32_t>(4, kLeftAlone));
    CHECK(step(batch.logits.data(), true) == expected_outcome(batch, false));
    const std::vector<float> elsewhere = batch.logits;
    cuda_emulation::is_host_memory = true;
    CHECK(step(elsewhere.data(), true).message.find("host memory") != std::string::npos);
    cuda_emulation::is_host_memory = false;
    CHECK(step(elsewhere.data(), true) == expected_outcome(batch, false));
    corrsynth_cuda_close(sampler);
    CHECK(corrsynth_cuda_abi() == CORRSYNTH_CUDA_ABI);
}
