// Whole tasks on every backend: the same tokens from first to last, and what crosses from a device to the host
// meanwhile.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>

#include "backends/cpu.h"
#include "backends/cuda.h"
#include "backends/graph.h"
#include "backends/remote_device.h"
#include "engine/demo.h"
#include "engine/in_flight.h"
#include "engine/prompt_cache.h"
#include "engine/score.h"
#include "engine/slot_table.h"
#include "ggml-backend.h"

using namespace corrsynth;
using namespace corrsynth_test;

// Every read from a device, llama.cpp's and ours, comes through here (the linker's --wrap).
namespace {
std::atomic<uint64_t> n_read_bytes{0};
}
extern "C" {
void __real_ggml_backend_tensor_get(const ggml_tensor * tensor, void * data, size_t offset, size_t size);
void __real_ggml_backend_tensor_get_async(ggml_backend_t backend, const ggml_tensor * tensor, void * data,
                                          size_t offset, size_t size);
void __wrap_ggml_backend_tensor_get(const ggml_tensor * tensor, void * data, size_t offset, size_t size) {
    n_read_bytes += size;
    __real_ggml_backend_tensor_get(tensor, data, offset, size);
}
void __wrap_ggml_backend_tensor_get_async(ggml_backend_t backend, const ggml_tensor * tensor, void * data,
                                          size_t offset, size_t size) {
    n_read_bytes += size;
    __real_ggml_backend_tensor_get_async(backend, tensor, data, offset, size);
}
}

namespace {

const std::atomic<bool> kNever{false};

Outcome run_on(std::shared_ptr<const Model> model, const GenerationOptions & options, int n_groups) {
    GroupList groups(options.shape, n_groups);
    Outcome outcome{generate(std::move(model), options, groups, kNever), {}, {}};
    for (const auto & [index, result] : groups.results) {
        for (const RowResult & row : result.rows) {
            outcome.texts.push_back(row.text);
            outcome.rows.push_back(row);
        }
    }
    return outcome;
}

std::shared_ptr<const Model> remote_model() {
    DeviceOptions device;
    device.rpc_servers = {remote_endpoint()};
    return Model::load(CORRSYNTH_DEMO_MODEL, device);
}

}  // namespace

TEST_CASE("a model on another device writes the same texts, and llama.cpp reads nothing back from it") {
    const std::shared_ptr<const Model> remote = remote_model();
    REQUIRE(remote->info().devices.size() == 1);
    CHECK(remote->info().devices[0].backend == "rpc");
    const GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 2);
    const Outcome here = run_on(demo_model(), options, 4);
    CHECK(std::string(here.counters.sampler) == "cpu");
    CHECK(here.counters.bytes_to_host == 0);

    n_read_bytes = 0;
    const Outcome there = run_on(remote, options, 4);
    CHECK(std::string(there.counters.sampler) == "graph");
    CHECK(there.counters.notice.find("cuda: ") == 0);
    CHECK(there.texts == here.texts);
    CHECK(there.counters.bytes_to_host > 0);
    CHECK(n_read_bytes == there.counters.bytes_to_host);  // all of it the sampler's own

    GenerationOptions all = options;
    all.step.alpha = 0;  // which the graph leaves to the copy
    n_read_bytes = 0;
    const Outcome copied = run_on(remote, all, 1);
    CHECK(std::string(copied.counters.sampler) == "copy");
    CHECK(copied.texts == run_on(demo_model(), all, 1).texts);
    CHECK(n_read_bytes == copied.counters.bytes_to_host);
    CHECK(copied.counters.bytes_to_host == copied.counters.decoded_tokens * 3072 * sizeof(float));
}

TEST_CASE("where a model is split so that llama.cpp shows no logits, its own copy of them serves, and says so") {
    DeviceOptions device;
    device.rpc_servers = {remote_endpoint()};
    device.split_mode = SplitMode::kTensor;
    const GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 2);
    const Outcome there = run_on(Model::load(CORRSYNTH_DEMO_MODEL, device), options, 3);
    CHECK(std::string(there.counters.sampler) == "cpu");
    CHECK(there.counters.notice == "llama.cpp does not show where the logits lie");
    CHECK(there.counters.bytes_to_host == there.counters.decoded_tokens * 3072 * sizeof(float));
    CHECK(there.texts == run_on(demo_model(), options, 3).texts);
}

TEST_CASE("a model on another device, whole or split, scores as here, also from beginnings that it decoded before") {
    const auto request = [](int label, int text) {
        std::vector<int32_t> tokens(90, 300 + label);
        const int n_prompt = static_cast<int>(tokens.size());
        for (int i = 0; i < 6; ++i) tokens.push_back(400 + (text * 7919 + i * 31) % 1000);
        return ScoreRequest{tokens, n_prompt};
    };
    const std::vector<ScoreRequest> requests = {request(0, 0), request(0, 1), request(1, 0), request(1, 1)};
    const std::vector<double> here = Scorer(demo_model()).score(requests, {1}, kNever);
    for (const SplitMode mode : {SplitMode::kLayer, SplitMode::kTensor}) {
        DeviceOptions device;
        device.rpc_servers = {remote_endpoint()};
        device.split_mode = mode;
        Scorer there(Model::load(CORRSYNTH_DEMO_MODEL, device));
        for (int i = 0; i < 2; ++i) {
            const std::vector<double> scores = there.score(requests, {1}, kNever);
            // split by tensors it is half precision, of which a quantised model makes more
            const double most = mode == SplitMode::kTensor ? 0.1 : 1e-4;
            for (size_t r = 0; r < requests.size(); ++r) CHECK(std::fabs(scores[r] - here[r]) < most * 6);
        }
        const uint64_t n_decoded = there.n_decoded();
        const std::vector<ScoreRequest> latest(requests.begin() + 2, requests.end());
        there.score(latest, {1}, kNever);
        CHECK(there.n_decoded() - n_decoded == 1 + 2 * 5);  // its beginning is still there
        CHECK(there.n_kept() == 0);
    }
}

TEST_CASE("of several devices one has the whole model, and there are as many to choose from") {
    DeviceOptions device;
    device.rpc_servers = {remote_endpoint(), remote_endpoint()};
    device.split_mode = SplitMode::kNone;
    for (device.main_gpu = 0; device.main_gpu < 2; ++device.main_gpu) {
        const std::shared_ptr<const Model> model = Model::load(CORRSYNTH_DEMO_MODEL, device);
        CHECK(model->info().devices.size() == 1);
        CHECK(model->info().n_candidates == 2);
    }
    CHECK_THROWS_WITH_AS(Model::load(CORRSYNTH_DEMO_MODEL, device), doctest::Contains("mainGpu to be one of 0..1"),
                         EngineError);
}

TEST_CASE("contrast norms are read from logits that are copied to the host, whatever else could have drawn") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1));
    options.extras.contrast_norms = true;
    const Outcome here = run_on(demo_model(), options, 1), there = run_on(remote_model(), options, 1);
    CHECK(std::string(there.counters.sampler) == "copy");
    CHECK(there.texts == here.texts);
    for (size_t m = 0; m < here.rows.size(); ++m) {
        CHECK(!here.rows[m].contrast_norms.empty());
        CHECK(there.rows[m].contrast_norms == here.rows[m].contrast_norms);
    }
}

TEST_CASE("cpu, graph and the emulated CUDA sampler draw the same tokens at every step of a task") {
    const GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1));
    const int n_rows = options.shape.n_rows();
    const int n_vocab = demo_model()->info().n_vocab;
    std::vector<int> sets_of_row(n_rows, 2);
    Workers workers(1);
    const TokenMask mask = demo_model()->vocabulary().mask_ending_at(options.limits.stop);
    for (const int round : {0, 1, 2, 3}) {
        StepParams params = options.step;
        const double alpha = params.alpha = round < 2 ? 1e-3 : 0.0;
        params.keeps_ends = round % 2 == 1;
        const BackendOptions backend{params, &mask, n_vocab, n_rows, n_rows};
        CpuBackend cpu(backend, workers);
        GraphBackend graph(backend);
        CudaBackend cuda(backend, CORRSYNTH_EMULATED_CUDA);
        Context context(demo_model(), options.context, kNever);
        PromptCache cache(context);
        SlotTable slots(context);
        InFlight entry(options.shape, group_request(options.shape, 5));
        slots.reserve(entry);
        const std::vector<int> all = options.shape.rows_of(0);
        for (cache.begin(entry.group.prompts(), entry.group.cuts(), entry.slots, all); !cache.is_done();)
            cache.advance(512);
        slots.join(entry);

        std::vector<int32_t> fed(n_rows), positions(n_rows), by_graph(n_rows), by_cuda(n_rows);
        std::vector<SlotOwner> ended;
        int n_steps = 0, n_by_graph = 0;
        uint64_t n_drawn_rows = 0;
        while (!entry.group.has_ended()) {
            const int n = slots.n_live();
            for (int slot = 0; slot < n; ++slot) {
                fed[slot] = entry.group.next_token(slots[slot].row);
                positions[slot] = entry.group.next_position(slots[slot].row);
            }
            const StepLogits logits = context.step(fed.data(), positions.data(), n);
            GroupDraw draw = entry.to_draw({}, 0, 0), as_graph = draw, as_cuda = draw;
            as_graph.tokens = by_graph.data();
            as_cuda.tokens = by_cuda.data();
            REQUIRE(cpu.draw(logits, &draw, 1, true));
            const std::vector<int32_t> expected(draw.tokens, draw.tokens + n_rows);
            CHECK(cuda.draw(logits, &as_cuda, 1, true));
            CHECK(cuda.why_not() == "");
            CHECK(by_cuda == expected);
            if (graph.draw(logits, &as_graph, 1, true)) {
                ++n_by_graph;
                CHECK(by_graph == expected);
            }
            n_drawn_rows += n_rows;
            ++n_steps;
            entry.accept(options.limits, demo_model()->vocabulary(), sets_of_row, {});
            ended.clear();
            for (const int row : entry.ended) ended.push_back({&entry, row});
            slots.release(ended);
        }
        CHECK(n_steps > 5);
        CHECK((alpha > 0 ? n_by_graph > n_steps / 2 : n_by_graph == 0));  // some steps have too many candidates
        CHECK(cuda.bytes_to_host() == 4 * n_drawn_rows);  // a token for each row of the group, and nothing else
    }
}
