// Groups decoded by the engine, beside a bare llama.cpp decode loop of the same batch: same model, rows, prompt length,
// steps and threads, in turn, several rounds. The bare loop draws nothing: it is the limit.
//
//   engine_vs_bare MODEL.gguf ROWS_PER_GROUP GROUPS STEPS THREADS ROUNDS     prints one JSON object
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/generate.h"
#include "llama.h"

namespace {

using namespace corrsynth;
using Clock = std::chrono::steady_clock;

constexpr int kPromptTokens = 64;

struct Shape {
    int group_rows, groups, steps, threads;
    int rows() const { return group_rows * groups; }
};

int32_t token_at(int row, int position, int n_vocab) {
    return 300 + (row * 7919 + position * 104729) % (n_vocab - 400);
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Seconds for `steps` decodes of all rows, prompts not counted.
double bare(const Model & model, const Shape & shape) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = shape.rows() * 256;
    params.n_seq_max = shape.rows();
    params.n_batch = params.n_ubatch = 512;
    params.n_threads = params.n_threads_batch = shape.threads;
    params.kv_unified = false;
    const LlamaContextHandle context(llama_init_from_model(model.handle(), params));
    LlamaBatch batch(512);
    const int n_vocab = model.info().n_vocab;
    for (int row = 0; row < shape.rows(); ++row) {
        batch.clear();
        for (int i = 0; i < kPromptTokens - 1; ++i) batch.add(token_at(row, i, n_vocab), i, row, false);
        if (llama_decode(context.get(), batch.batch) != 0) std::exit(1);
    }
    llama_synchronize(context.get());
    const auto start = Clock::now();
    for (int step = 0; step < shape.steps; ++step) {
        batch.clear();
        const int position = kPromptTokens - 1 + step;
        for (int row = 0; row < shape.rows(); ++row) batch.add(token_at(row, position, n_vocab), position, row, true);
        if (llama_decode(context.get(), batch.batch) != 0) std::exit(1);
        llama_synchronize(context.get());
    }
    return seconds_since(start);
}

// Hands out the groups, all at once.
class AllGroups : public GroupExchange {
  public:
    AllGroups(const Shape & shape, int n_vocab) : shape_(shape), n_vocab_(n_vocab) {}
    bool next(GroupRequest & request) override {
        if (n_given_ == shape_.groups) return false;
        request = {static_cast<uint64_t>(n_given_), {}};
        for (int m = 0; m < shape_.group_rows; ++m) {
            request.prompts.emplace_back();
            const int row = n_given_ * shape_.group_rows + m;
            for (int i = 0; i < kPromptTokens; ++i) request.prompts.back().push_back(token_at(row, i, n_vocab_));
        }
        ++n_given_;
        return true;
    }
    void finished(GroupResult) override {}
    void progress(const Counters &) override {}

  private:
    const Shape shape_;
    const int n_vocab_;
    int n_given_ = 0;
};

// Hybrid over half as many labels as a group has rows, two rows each, with the paper's weights.
GenerationOptions hybrid(const Shape & shape) {
    GenerationOptions options;
    options.shape.n_generating = shape.group_rows;
    options.shape.coupling.n_rows = shape.group_rows;
    for (int row = 0; row < shape.group_rows; ++row) {
        options.shape.follows.push_back(row);
        ContrastSet intra{row, 0.5, {}}, cross{row, 0.1, {}};
        for (int other = 0; other < shape.group_rows; ++other) {
            if (other != row) (other / 2 == row / 2 ? intra : cross).members.push_back(other);
        }
        options.shape.coupling.sets.push_back(intra);
        options.shape.coupling.sets.push_back(cross);
    }
    options.step.seed = 7;
    options.limits.max_tokens = shape.steps;
    options.context = {/*n_slots=*/shape.rows(), /*n_stored=*/0, /*slot_size=*/256, /*n_batch=*/512,
                       /*n_threads=*/shape.threads};
    return options;
}

std::string list(const std::vector<double> & values) {
    std::string out;
    for (const double v : values) out += (out.empty() ? "" : ", ") + std::to_string(v);
    return "[" + out + "]";
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc != 7) {
        std::fprintf(stderr, "usage: engine_vs_bare MODEL.gguf ROWS_PER_GROUP GROUPS STEPS THREADS ROUNDS\n");
        return 2;
    }
    const Shape shape{std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5])};
    const int rounds = std::atoi(argv[6]);
    const auto model = Model::load(argv[1]);
    const std::atomic<bool> never{false};
    std::vector<double> bare_rates, engine_rates, ratios, sampler_shares, sampler_ms;
    for (int round = 0; round < rounds; ++round) {
        const double bare_rate = shape.rows() * shape.steps / bare(*model, shape);
        AllGroups groups(shape, model->info().n_vocab);
        const Counters counters = generate(model, hybrid(shape), groups, never);
        const double seconds = counters.decode_seconds + counters.sample_seconds;
        bare_rates.push_back(bare_rate);
        engine_rates.push_back(static_cast<double>(counters.decoded_tokens) / seconds);
        ratios.push_back(engine_rates.back() / bare_rate);
        sampler_shares.push_back(counters.sample_seconds / seconds);
        sampler_ms.push_back(1e3 * counters.sample_seconds / static_cast<double>(counters.steps));
    }
    std::printf("{\"rows\": %d, \"vocabulary\": %d, \"steps\": %d, \"threads\": %d, \"rounds\": %d, \"groups\": %d,\n",
                shape.rows(), model->info().n_vocab, shape.steps, shape.threads, rounds, shape.groups);
    std::printf(" \"bareTokensPerSecond\": %.1f, \"engineTokensPerSecond\": %.1f, \"ratio\": %.4f,\n",
                median(bare_rates), median(engine_rates), median(ratios));
    std::printf(" \"samplerShare\": %.4f, \"samplerMsPerStep\": %.3f,\n", median(sampler_shares), median(sampler_ms));
    std::printf(" \"ratios\": %s, \"samplerShares\": %s}\n", list(ratios).c_str(), list(sampler_shares).c_str());
    return 0;
}
