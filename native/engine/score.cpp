#include "engine/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "engine/decode.h"
#include "engine/error.h"
#include "engine/score_tree.h"
#include "engine/threadpool.h"
#include "sampling/log_partition.h"

namespace corrsynth {
namespace {

constexpr int kMaxRequests = 128;         // decoded together, a sequence each
constexpr int kTreeTokens = 2048;         // of the requests that are decoded together, more only for a single one
constexpr int kMostLogits = 1 << 26;      // floats that llama.cpp puts out at once: 256 MiB
constexpr llama_seq_id kTrunk = 0;        // the sequence of what all requests of a tree begin with
constexpr llama_seq_id kFirstBranch = 1;  // of the tree's sequence 0

bool is_set(void * flag) { return static_cast<const std::atomic<bool> *>(flag)->load(std::memory_order_relaxed); }

int batch_size(const Model & model) { return std::clamp(kMostLogits / model.info().n_vocab, 32, 512); }

class Scorer {
  public:
    Scorer(const Model & model, const ScoreOptions & options, int longest, const std::atomic<bool> & cancel)
        : cancel_(cancel),
          n_vocab_(model.info().n_vocab),
          n_batch_(batch_size(model)),
          threadpool_(make_threadpool(options.n_threads)),
          batch_(n_batch_) {
        const LogCapture log;
        llama_context_params params = llama_context_default_params();
        params.n_ctx = longest + std::max(longest, kTreeTokens);
        params.n_batch = params.n_ubatch = n_batch_;
        params.n_seq_max = kFirstBranch + kMaxRequests;
        params.kv_unified = true;  // sequences share the cells of what they begin with
        // half precision, which flash attention works in, is off by 3e-4 a token
        params.type_k = params.type_v = GGML_TYPE_F32;
        params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
        params.no_perf = true;
        params.n_threads = params.n_threads_batch = options.n_threads;
        params.abort_callback = is_set;
        params.abort_callback_data = const_cast<std::atomic<bool> *>(&cancel);
        context_.reset(llama_init_from_model(model.handle(), params));
        if (!context_) {
            throw EngineError(ErrorCode::kOutOfMemory, "Cannot set up a context for scores of " +
                                                           std::to_string(params.n_ctx) + " tokens: " + log.reason());
        }
        if (threadpool_) llama_attach_threadpool(context_.get(), threadpool_.get(), threadpool_.get());
    }

    // The requests are sorted by their tokens; adds to sums[s] what is found of requests[s].
    void run(const std::vector<const ScoreRequest *> & requests, std::vector<double> & sums) {
        for (size_t first = 0; first < requests.size();) {
            const int from = trunk_length(requests, first);
            const size_t end = first + n_together(requests, first, from);
            const std::vector<const ScoreRequest *> together(requests.begin() + first, requests.begin() + end);
            grow_trunk(*together[0], from);
            score_together(together, from, sums.data() + first);
            first = end;
        }
    }

  private:
    // What all that may be decoded together begin with; the last token of a prompt is a branch's, since it is asked.
    static int trunk_length(const std::vector<const ScoreRequest *> & requests, size_t first) {
        const size_t end = std::min(requests.size(), first + kMaxRequests);
        int length = n_common(requests[first]->tokens, requests[end - 1]->tokens);
        for (size_t i = first; i < end; ++i) length = std::min(length, requests[i]->n_prompt - 1);
        return length;
    }

    static size_t n_together(const std::vector<const ScoreRequest *> & requests, size_t first, int from) {
        const ScoreRequest * last = nullptr;
        int n_tokens = 0;
        size_t n = 0;
        for (; first + n < requests.size() && n < kMaxRequests; ++n) {
            const ScoreRequest & next = *requests[first + n];
            n_tokens += n_added(last, next, from);
            if (n > 0 && n_tokens > kTreeTokens) break;
            last = &next;
        }
        return n;
    }

    void grow_trunk(const ScoreRequest & request, int length) {
        llama_memory_t memory = llama_get_memory(context_.get());
        int kept = std::min(length, n_common(trunk_, request.tokens));
        if (!llama_memory_seq_rm(memory, kTrunk, kept, -1)) {  // recurrent states cannot be cut
            llama_memory_seq_rm(memory, kTrunk, -1, -1);
            kept = 0;
        }
        for (int position = kept; position < length;) {
            batch_.clear();
            for (; position < length && batch_.batch.n_tokens < n_batch_; ++position) {
                batch_.add(request.tokens[position], position, kTrunk, false);
            }
            decode();
        }
        trunk_.assign(request.tokens.begin(), request.tokens.begin() + length);
    }

    void score_together(const std::vector<const ScoreRequest *> & requests, int from, double * sums) {
        std::vector<ScoreNode> nodes = score_tree(requests, from);
        llama_memory_t memory = llama_get_memory(context_.get());
        const auto sequences = static_cast<llama_seq_id>(requests.size());
        for (llama_seq_id s = 0; s < sequences; ++s) {
            llama_memory_seq_cp(memory, kTrunk, kFirstBranch + s, -1, -1);
        }
        for (ScoreNode & node : nodes) {
            for (llama_seq_id & s : node.sequences) s += kFirstBranch;
        }
        for (size_t first = 0; first < nodes.size(); first += n_batch_) {
            const size_t end = std::min(nodes.size(), first + n_batch_);
            batch_.clear();
            for (size_t i = first; i < end; ++i) {
                const ScoreNode & node = nodes[i];
                batch_.add(node.token, node.position, node.sequences.data(), static_cast<int>(node.sequences.size()),
                           node.has_output);
            }
            decode();
            llama_synchronize(context_.get());
            for (size_t i = first; i < end; ++i) {
                if (nodes[i].has_output) add_scores(requests, nodes[i], static_cast<int>(i - first), sums);
            }
        }
        for (llama_seq_id s = 0; s < sequences; ++s) llama_memory_seq_rm(memory, kFirstBranch + s, -1, -1);
    }

    void add_scores(const std::vector<const ScoreRequest *> & requests, const ScoreNode & node, int place,
                    double * sums) {
        const float * logits = llama_get_logits_ith(context_.get(), place);
        if (!logits) throw EngineError(ErrorCode::kDecode, "llama.cpp gives no logits for a token that was asked for");
        const double partition = log_partition(logits, n_vocab_, logits[0]);
        if (!std::isfinite(partition)) {
            throw EngineError(ErrorCode::kNotANumber, "The model's logits hold NaN or no finite number");
        }
        for (const llama_seq_id sequence : node.sequences) {
            const ScoreRequest & request = *requests[sequence - kFirstBranch];
            if (!scores_after(request, node.position)) continue;
            sums[sequence - kFirstBranch] += logits[request.tokens[node.position + 1]] - partition;
        }
    }

    void decode() { decode_batch(context_.get(), batch_, cancel_, "The scoring was stopped"); }

    const std::atomic<bool> & cancel_;
    const int n_vocab_, n_batch_;
    ThreadpoolHandle threadpool_;  // before context_: must outlive it
    LlamaContextHandle context_;
    LlamaBatch batch_;
    std::vector<int32_t> trunk_;  // what the cells of kTrunk hold
};

}  // namespace

std::vector<double> score(const Model & model, const std::vector<ScoreRequest> & requests, const ScoreOptions & options,
                          const std::atomic<bool> & cancel) {
    std::vector<size_t> order(requests.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return requests[a].tokens < requests[b].tokens; });
    std::vector<const ScoreRequest *> sorted;
    size_t longest = 1;
    for (const size_t i : order) {
        sorted.push_back(&requests[i]);
        longest = std::max(longest, requests[i].tokens.size());
    }
    std::vector<double> found(requests.size()), sums(requests.size());
    if (!requests.empty()) Scorer(model, options, static_cast<int>(longest), cancel).run(sorted, found);
    for (size_t i = 0; i < order.size(); ++i) sums[order[i]] = found[i];
    return sums;
}

}  // namespace corrsynth
