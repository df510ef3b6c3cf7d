// Tokens per second of scoring texts, beside what llama.cpp needs to decode the same tokens and no more.
//
//   score FORM MODEL PROMPTS PROMPT_TOKENS TEXTS TEXT_TOKENS THREADS ROUNDS
//
// FORM channel: PROMPTS prompts of PROMPT_TOKENS, and behind each the same TEXTS texts of TEXT_TOKENS.
// FORM direct: a beginning of PROMPT_TOKENS, behind it TEXTS texts of TEXT_TOKENS that are prompts, and behind each of
// them PROMPTS labels of two tokens.
//
//   score   Scorer, which has the prompts (channel) or the beginning (direct) from a call before
//   bare    llama_decode of the same tokens at the same positions, in the same batches, in a context as llama.cpp makes
//           it, float16 and flash attention, that has the prompts in its cells; no logits
//   logits  the same with the logits of the rows that the scores need
//   exact   these in the scores' precision: float32 keys and values, no flash attention
//
// Prints one JSON object: rates by the clock, and by processor time, which other processes change less.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/decode.h"
#include "engine/error.h"
#include "engine/score.h"
#include "engine/score_plan.h"
#include "engine/score_tree.h"
#include "engine/threadpool.h"

namespace {

using namespace corrsynth;

constexpr int kLabelTokens = 2;
constexpr int kBatch = 512;
const std::atomic<bool> kNever{false};

struct Shape {
    bool is_channel;
    int prompts, prompt_tokens, texts, text_tokens, threads, rounds;
};

[[noreturn]] void fail(const char * what) {
    std::fprintf(stderr, "score: %s\n", what);
    std::exit(1);
}

void add_tokens(std::vector<int32_t> & tokens, int n, int name, int n_vocab) {
    for (int i = 0; i < n; ++i) tokens.push_back(300 + (name * 7919 + i * 104729) % (n_vocab - 400));
}

// round: other texts each time, behind the same prompts.
std::vector<ScoreRequest> requests_of(const Shape & shape, int n_vocab, int round) {
    std::vector<ScoreRequest> requests;
    const int n_outer = shape.is_channel ? shape.prompts : shape.texts;
    const int n_inner = shape.is_channel ? shape.texts : shape.prompts;
    for (int outer = 0; outer < n_outer; ++outer) {
        for (int inner = 0; inner < n_inner; ++inner) {
            const int text = 1000 + round * shape.texts + (shape.is_channel ? inner : outer);
            ScoreRequest request;
            add_tokens(request.tokens, shape.prompt_tokens, shape.is_channel ? outer : 0, n_vocab);
            if (!shape.is_channel) add_tokens(request.tokens, shape.text_tokens, text, n_vocab);
            request.n_prompt = static_cast<int>(request.tokens.size());
            add_tokens(request.tokens, shape.is_channel ? shape.text_tokens : kLabelTokens,
                       shape.is_channel ? text : 500 + inner, n_vocab);
            requests.push_back(std::move(request));
        }
    }
    return requests;
}

struct Time {
    double wall = 0, processor = 0;
};

Time now() {
    timespec processor{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &processor);
    const auto wall = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration<double>(wall).count(),
            static_cast<double>(processor.tv_sec) + 1e-9 * static_cast<double>(processor.tv_nsec)};
}

struct Tally {
    Time time;
    uint64_t tokens = 0;
    void run(const std::function<void()> & work) {
        const Time start = now();
        work();
        const Time end = now();
        time.wall += end.wall - start.wall;
        time.processor += end.processor - start.processor;
    }
};

// llama.cpp's own context and the trees of a call, decoded as a Scorer decodes them.
class Bare {
  public:
    Bare(const Model & model, const Shape & shape, bool has_logits, bool is_exact = false)
        : model_(model), has_logits_(has_logits), threads_(make_threadpool(shape.threads)), batch_(kBatch) {
        llama_context_params params = llama_context_default_params();
        params.n_ctx = shape.prompt_tokens + 2 * kBatch;
        params.n_batch = params.n_ubatch = kBatch;
        params.n_seq_max = 1 + kMaxTogether;
        params.kv_unified = true;
        params.n_threads = params.n_threads_batch = shape.threads;
        if (is_exact) {
            params.type_k = params.type_v = GGML_TYPE_F32;
            params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
        }
        context_.reset(llama_init_from_model(model.handle(), params));
        if (!context_) fail("no memory for the context");
        llama_attach_threadpool(context_.get(), threads_.get(), threads_.get());
    }

    // Not timed.
    void hold(const std::vector<int32_t> & tokens, int n) {
        const std::vector<int32_t> beginning(tokens.begin(), tokens.begin() + n);
        if (beginning == held_) return;
        llama_memory_clear(llama_get_memory(context_.get()), false);
        held_ = beginning;
        std::vector<uint8_t> & state = states_[beginning];
        if (!state.empty()) {
            if (llama_state_seq_set_data(context_.get(), state.data(), state.size(), 0) == 0) fail("no state");
            return;
        }
        for (int first = 0; first < n; first += kBatch) {
            batch_.clear();
            for (int i = first; i < std::min(n, first + kBatch); ++i) batch_.add(tokens[i], i, 0, false);
            decode();
        }
        state.resize(llama_state_seq_get_size(context_.get(), 0));
        llama_state_seq_get_data(context_.get(), state.data(), state.size(), 0);
    }

    // Timed but for the sequences, which need not be branches to decode as many tokens.
    void branch(const std::vector<ScoreNode> & nodes, Tally & tally) {
        llama_memory_t memory = llama_get_memory(context_.get());
        llama_seq_id n_branches = 0;
        std::vector<std::vector<llama_seq_id>> branches;
        for (const ScoreNode & node : nodes) {
            branches.push_back(node.branches);
            for (llama_seq_id & s : branches.back()) n_branches = std::max(n_branches, ++s);
        }
        for (int s = 1; s <= n_branches; ++s) llama_memory_seq_cp(memory, 0, s, -1, -1);
        for (size_t first = 0; first < nodes.size(); first += kBatch) {
            const size_t end = std::min(nodes.size(), first + kBatch);
            batch_.clear();
            for (size_t i = first; i < end; ++i) {
                batch_.add(nodes[i].token, nodes[i].position, branches[i].data(), static_cast<int>(branches[i].size()),
                           has_logits_ && nodes[i].has_output);
            }
            tally.run([&] { decode(); });
            tally.tokens += end - first;
        }
        for (int s = 1; s <= n_branches; ++s) llama_memory_seq_rm(memory, s, -1, -1);
    }

  private:
    void decode() {
        decode_batch(model_, context_.get(), batch_, kNever, "");
        llama_synchronize(context_.get());
    }

    const Model & model_;
    const bool has_logits_;
    ThreadpoolHandle threads_;
    LlamaContextHandle context_;
    LlamaBatch batch_;
    std::vector<int32_t> held_;
    std::map<std::vector<int32_t>, std::vector<uint8_t>> states_;  // of what was held
};

Tally run_bare(Bare & bare, const std::vector<ScoreRequest> & requests) {
    Tally tally;
    for (const ScoreTree & tree : plan_trees(requests)) {
        bare.hold(requests[tree.first].tokens, tree.from);
        bare.branch(tree_nodes(&requests[tree.first], tree.end - tree.first, tree.from), tally);
    }
    return tally;
}

Tally run_score(Scorer & scorer, const std::vector<ScoreRequest> & requests, int threads) {
    Tally tally;
    const uint64_t n_before = scorer.n_decoded();
    tally.run([&] { scorer.score(requests, {threads}, kNever); });
    tally.tokens = scorer.n_decoded() - n_before;
    return tally;
}

struct Rates {
    std::vector<double> wall, processor;
    uint64_t tokens = 0;
    void add(const Tally & tally) {
        wall.push_back(tally.tokens / tally.time.wall);
        processor.push_back(tally.tokens / tally.time.processor);
        tokens = tally.tokens;
    }
};

std::string list(const std::vector<double> & values) {
    std::string out;
    for (const double v : values) out += (out.empty() ? "" : ", ") + std::to_string(v);
    return "[" + out + "]";
}

}  // namespace

int main(int argc, char ** argv) {
    const std::string form = argc > 1 ? argv[1] : "";
    std::vector<int> numbers;
    for (int i = 3; i < argc; ++i) numbers.push_back(std::atoi(argv[i]));
    if (argc != 9 || (form != "channel" && form != "direct") || *std::min_element(numbers.begin(), numbers.end()) < 1) {
        std::fprintf(stderr,
                     "usage: score FORM MODEL PROMPTS PROMPT_TOKENS TEXTS TEXT_TOKENS THREADS ROUNDS\n"
                     "FORM: channel or direct\n");
        return 2;
    }
    const Shape shape{form == "channel", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
    const std::string program = argv[0];
    load_backends(program.substr(0, program.find_last_of('/')));
    const auto model = Model::load(argv[2]);
    const int n_vocab = model->info().n_vocab;
    Scorer scorer(model);
    Bare bare(*model, shape, false), with_logits(*model, shape, true), exact(*model, shape, true, true);
    std::map<std::string, Rates> rates;
    std::vector<std::pair<std::string, std::function<Tally(const std::vector<ScoreRequest> &)>>> contenders = {
        {"bare", [&](const auto & requests) { return run_bare(bare, requests); }},
        {"score", [&](const auto & requests) { return run_score(scorer, requests, shape.threads); }},
        {"logits", [&](const auto & requests) { return run_bare(with_logits, requests); }},
        {"exact", [&](const auto & requests) { return run_bare(exact, requests); }}};
    for (int round = -1; round < shape.rounds; ++round) {  // the first is not counted: it decodes the prompts
        const std::vector<ScoreRequest> requests = requests_of(shape, n_vocab, round + 1);
        for (const auto & [name, run] : contenders) {
            const Tally tally = run(requests);
            if (round >= 0) rates[name].add(tally);
        }
        std::reverse(contenders.begin(), contenders.end());
    }
    std::printf("{\"requests\": %d, \"vocabulary\": %d", shape.prompts * shape.texts, n_vocab);
    for (const auto & [name, of] : rates) {
        std::printf(", \"%s\": {\"tokens\": %llu, \"rounds\": %s, \"processor\": %s}", name.c_str(),
                    static_cast<unsigned long long>(of.tokens), list(of.wall).c_str(), list(of.processor).c_str());
    }
    std::printf("}\n");
    return 0;
}
