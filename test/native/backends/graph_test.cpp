// The graph backend gives the tokens of the CPU backend, on the host's own device and on one that the host cannot read.
#include "backends/graph.h"

#include <doctest/doctest.h>

#include "backends/backend_selector.h"
#include "backends/cpu.h"
#include "backends/random_batch.h"
#include "backends/remote_device.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// The logits of a batch as a tensor [stride, rows] on a device.
class DeviceLogits {
  public:
    DeviceLogits(ggml_backend_dev_t device, const Batch & batch)
        : backend_(ggml_backend_dev_init(device, nullptr)),
          context_(ggml_init({ggml_tensor_overhead(), nullptr, /*no_alloc=*/true})),
          n_vocab_(batch.n_vocab) {
        tensor_ = ggml_new_tensor_2d(context_, GGML_TYPE_F32, static_cast<int64_t>(batch.stride), batch.n_rows());
        buffer_ = ggml_backend_alloc_ctx_tensors(context_, backend_);
        std::vector<float> values(batch.logits.begin() + static_cast<std::ptrdiff_t>(batch.offset), batch.logits.end());
        values.resize(ggml_nelements(tensor_));
        ggml_backend_tensor_set(tensor_, values.data(), 0, ggml_nbytes(tensor_));
    }
    ~DeviceLogits() {
        ggml_backend_buffer_free(buffer_);
        ggml_free(context_);
        ggml_backend_free(backend_);
    }
    DeviceLogits(const DeviceLogits &) = delete;
    DeviceLogits & operator=(const DeviceLogits &) = delete;

    StepLogits get() const {
        const int n_rows = static_cast<int>(tensor_->ne[1]);
        StepLogits out{tensor_, {nullptr, tensor_->nb[1] / sizeof(float), n_rows, n_vocab_, nullptr}};
        if (ggml_backend_buffer_is_host(buffer_)) out.host.data = static_cast<const float *>(tensor_->data);
        return out;
    }

  private:
    ggml_backend_t backend_;
    ggml_context * context_;
    ggml_tensor * tensor_;
    ggml_backend_buffer_t buffer_;
    int n_vocab_;
};

BackendOptions options_for(const Batch & batch, const TokenMask & mask) {
    int most = 0;
    for (const BatchGroup & g : batch.groups) most = std::max(most, g.n_rows);
    return {batch.params, &mask, batch.n_vocab, batch.n_rows(), most};
}

struct Drawn {
    bool is_served = false;
    BatchOutcome outcome;
};

// draw: called as Backend::draw is; true when it served.
template <typename Draw>
Drawn drawn(const Batch & batch, bool wants_log_probs, Draw && draw) {
    Drawn out;
    out.outcome.tokens.assign(batch.n_rows(), kLeftAlone);
    out.outcome.log_probs.assign(batch.n_rows(), kLeftAlone);
    out.outcome.status = 0;
    std::vector<GroupDraw> groups;
    int at = 0;
    for (const BatchGroup & g : batch.groups) {
        GroupDraw group;
        group.input = {{nullptr, 0, g.n_rows, 0, g.row_index.data()}, &g.weights, g.draws.data(), g.group, g.step};
        group.tokens = out.outcome.tokens.data() + at;
        group.log_probs = wants_log_probs ? out.outcome.log_probs.data() + at : nullptr;
        groups.push_back(group);
        at += g.n_rows;
    }
    out.is_served = draw(groups.data(), static_cast<int>(groups.size()));
    return out;
}

ggml_backend_dev_t host_device() { return ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU); }

}  // namespace

TEST_CASE("what the graph backend serves has the tokens of sample_step, on any device") {
    for (ggml_backend_dev_t device : {host_device(), remote_device()}) {
        int n_served = 0;
        for (int round = 0; round < 60; ++round) {
            Random random(static_cast<uint64_t>(round) + 100);
            const int n_vocab = random.pick<int>({5, 111, 1000, 4099});
            Batch batch =
                random_batch(random, round % 3 == 0 ? std::vector<int>{20} : std::vector<int>{3, 1, 8}, n_vocab);
            const TokenMask mask(n_vocab, batch.banned, batch.end);
            const DeviceLogits logits(device, batch);
            GraphBackend graph(options_for(batch, mask));
            const Drawn got = drawn(
                batch, false, [&](GroupDraw * groups, int n) { return graph.draw(logits.get(), groups, n, true); });
            CHECK(got.is_served == graph.why_not().empty());
            if (!got.is_served) continue;
            ++n_served;
            CHECK(got.outcome.tokens == expected_outcome(batch, false).tokens);
            CHECK(graph.bytes_to_host() > 0);
        }
        CHECK(n_served >= 30);
    }
}

TEST_CASE("of a large vocabulary little crosses to the host") {
    Random random(7);
    Batch batch = random_batch(random, {20, 20}, 32064);
    batch.params = {};
    batch.logits = random_logits(random, batch.logits.size(), 20.0, 0, 0);
    for (BatchGroup & g : batch.groups) g.draws = g.active;
    const TokenMask mask(batch.n_vocab, batch.banned, batch.end);
    const DeviceLogits logits(remote_device(), batch);
    GraphBackend graph(options_for(batch, mask));
    for (int step = 0; step < 3; ++step) {
        const uint64_t before = graph.bytes_to_host();
        for (BatchGroup & g : batch.groups) g.step = step;
        const Drawn got =
            drawn(batch, false, [&](GroupDraw * groups, int n) { return graph.draw(logits.get(), groups, n, true); });
        CHECK(graph.why_not() == "");
        CHECK(got.outcome.tokens == expected_outcome(batch, false).tokens);
        const uint64_t all = static_cast<uint64_t>(batch.n_rows()) * batch.n_vocab * sizeof(float);
        if (step > 0) CHECK(graph.bytes_to_host() - before < all / 8);  // once K is known
    }
}

TEST_CASE("kept ends are decided from the candidates alone") {
    Random random(8);
    int n_ended = 0;
    for (ggml_backend_dev_t device : {host_device(), remote_device()}) {
        for (int round = 0; round < 20; ++round) {
            Batch batch = random_batch(random, {6, 3}, 400);
            batch.params = {};
            batch.params.keeps_ends = true;
            batch.params.seed = random.bits();
            batch.logits = random_logits(random, batch.logits.size(), 4.0, 0, 0);
            const TokenMask mask(batch.n_vocab, batch.banned, batch.end);
            const DeviceLogits logits(device, batch);
            GraphBackend graph(options_for(batch, mask));
            const Drawn got = drawn(
                batch, false, [&](GroupDraw * groups, int n) { return graph.draw(logits.get(), groups, n, true); });
            CHECK(graph.why_not() == "");
            CHECK(got.outcome.tokens == expected_outcome(batch, false).tokens);
            for (const int32_t token : got.outcome.tokens) n_ended += token >= 0 && mask.is_end(token);
        }
    }
    CHECK(n_ended > 5);
}

TEST_CASE("what it cannot serve it says, and draws nothing") {
    Random random(3);
    const auto refusal = [&](auto && change, bool wants_log_probs = false) {
        Batch batch = random_batch(random, {4}, 5000);
        batch.params = {};
        batch.logits = random_logits(random, batch.logits.size(), 3.0, 0, 0);
        change(batch);
        const TokenMask mask(batch.n_vocab, batch.banned, batch.end);
        const DeviceLogits logits(host_device(), batch);
        GraphBackend graph(options_for(batch, mask));
        const Drawn got = drawn(batch, wants_log_probs,
                                [&](GroupDraw * groups, int n) { return graph.draw(logits.get(), groups, n, true); });
        CHECK_FALSE(got.is_served);
        for (const int32_t token : got.outcome.tokens) CHECK(token == kLeftAlone);
        return graph.why_not();
    };
    CHECK(refusal([](Batch & b) { b.params.alpha = 0; }) == "at alpha 0 every token is a candidate");
    CHECK(refusal([](Batch &) {}, true).find("log-probabilities") == 0);
    CHECK(refusal([](Batch & b) { std::fill(b.logits.begin(), b.logits.end(), 1.0f); }).find("a quarter") == 0);
    for (const float value : {kNan, kInfinity}) {
        CHECK(refusal([value](Batch & b) {
                  b.groups[0].draws.assign(4, 1);
                  b.groups[0].active.assign(4, 1);
                  b.groups[0].row_index = {0, 1, 2, 3};
                  b.row(0, 2)[4321] = value;
              }) == "a row holds what is no number");
    }
}

TEST_CASE("the selector takes the backend that the logits ask for, at every step") {
    Random random(11);
    Batch batch = random_batch(random, {4, 4}, 2000);
    batch.params = {};
    batch.logits = random_logits(random, batch.logits.size(), 20.0, 0, 0);
    const TokenMask mask(batch.n_vocab, batch.banned, batch.end);
    Workers workers(1);
    const DeviceLogits host(host_device(), batch), remote(remote_device(), batch);
    const auto tokens = [&](BackendSelector & selector, const DeviceLogits & logits, bool wants_log_probs) {
        return drawn(batch, wants_log_probs,
                     [&](GroupDraw * groups, int n) {
                         selector.draw(logits.get(), groups, n, true);
                         return true;
                     })
            .outcome;
    };
    const BatchOutcome expected = expected_outcome(batch, true);
    BackendSelector selector(options_for(batch, mask), workers, "no/such/folder");
    CHECK(tokens(selector, host, true).tokens == expected.tokens);
    CHECK(std::string(selector.name()) == "cpu");
    CHECK(selector.notice() == "");
    CHECK(selector.bytes_to_host() == 0);

    CHECK(tokens(selector, remote, false).tokens == expected.tokens);
    CHECK(std::string(selector.name()) == "graph");
    CHECK(selector.notice().find("cuda: no/such/folder") == 0);

    const BatchOutcome with = tokens(selector, remote, true);  // which the graph leaves to the copy
    CHECK(with.tokens == expected.tokens);
    CHECK(with.log_probs == expected.log_probs);
    CHECK(std::string(selector.name()) == "copy");
    CHECK(selector.notice().find("graph: log-probabilities") != std::string::npos);

    CHECK(tokens(selector, host, false).tokens == expected.tokens);
    CHECK(std::string(selector.name()) == "cpu");
}
