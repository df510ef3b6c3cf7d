#include "engine/score_context.h"

#include <algorithm>
#include <new>
#include <string>

#include "engine/decode.h"
#include "engine/error.h"
#include "engine/score_plan.h"

namespace corrsynth {
namespace {

constexpr int kMostLogits = 1 << 26;      // floats that llama.cpp puts out at once: 256 MiB
constexpr int kTreeTokens = 512;          // no tree of several requests has more
constexpr llama_seq_id kTrunk = 0;        // the sequence of the beginning
constexpr llama_seq_id kFirstBranch = 1;  // the sequence of the tree's branch 0

int batch_size(const Model & model) { return std::clamp(kMostLogits / model.info().n_vocab, 32, kTreeTokens); }

llama_context_params params_of(const Model & model, int longest, int n_batch, int n_threads) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = longest + std::max(longest, kTreeTokens);
    params.n_batch = params.n_ubatch = n_batch;
    params.n_seq_max = kFirstBranch + kMaxTogether;
    params.kv_unified = true;                   // sequences share the cells of what they begin with
    if (!model.info().needs_flash_attention) {  // it works in half precision, which is off by 3e-4 a token
        params.type_k = params.type_v = GGML_TYPE_F32;
        params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    }
    params.no_perf = true;
    params.n_threads = params.n_threads_batch = n_threads;
    return params;
}

}  // namespace

ScoreContext::ScoreContext(const Model & model, int longest, int n_threads, BeginningStore & beginnings)
    : model_(model),
      n_vocab_(model.info().n_vocab),
      longest_(longest),
      n_batch_(batch_size(model)),
      keeps_(model.info().devices.empty()),
      beginnings_(beginnings),
      workers_(n_threads),
      threadpool_(make_threadpool(n_threads)),
      batch_(n_batch_) {
    const LogCapture log;
    const llama_context_params params = params_of(model, longest, n_batch_, n_threads);
    context_.reset(llama_init_from_model(model.handle(), params));
    if (!context_) {
        throw EngineError(ErrorCode::kOutOfMemory, "Cannot set up a context for scores of " +
                                                       std::to_string(params.n_ctx) + " tokens: " + log.reason());
    }
    if (threadpool_) llama_attach_threadpool(context_.get(), threadpool_.get(), threadpool_.get());
}

void ScoreContext::begin(const std::atomic<bool> & cancel) {
    cancel_ = &cancel;
    n_decoded_ = 0;
    llama_set_abort_callback(context_.get(), is_set, const_cast<std::atomic<bool> *>(&cancel));
}

int64_t ScoreContext::end() {
    llama_set_abort_callback(context_.get(), nullptr, nullptr);
    cancel_ = nullptr;
    return n_decoded_;
}

void ScoreContext::hold(const int32_t * tokens, int from, int shared) {
    const Beginning beginning{{tokens, tokens + from}, shared};
    if (beginning == held_ || cut_back_to(beginning) || fetch(beginning)) return;
    if (shared > 0) hold(tokens, shared, 0);
    else clear();
    decode_beginning(tokens, shared, from);
    held_ = beginning;
    keep(beginning);
}

void ScoreContext::clear() {
    llama_memory_clear(llama_get_memory(context_.get()), false);
    held_ = {};
}

// The beginning of a beginning that is held. States of recurrent models cannot be cut.
bool ScoreContext::cut_back_to(const Beginning & beginning) {
    const auto n = static_cast<int>(beginning.tokens.size());
    if (n == 0 || held_.shared != n || beginning.shared != 0) return false;
    if (!std::equal(beginning.tokens.begin(), beginning.tokens.end(), held_.tokens.begin())) return false;
    if (!llama_memory_seq_rm(llama_get_memory(context_.get()), kTrunk, n, -1)) return false;
    held_ = beginning;
    return true;
}

bool ScoreContext::fetch(const Beginning & beginning) {
    const BeginningStore::State * state = keeps_ ? beginnings_.find(beginning) : nullptr;
    if (!state) return false;
    clear();
    if (llama_state_seq_set_data(context_.get(), state->data(), state->size(), kTrunk) == 0) {
        clear();
        return false;
    }
    held_ = beginning;
    return true;
}

void ScoreContext::keep(const Beginning & beginning) {
    if (!keeps_ || beginning.tokens.empty() || !beginnings_.has_room_for(beginning)) return;
    try {
        BeginningStore::State state(llama_state_seq_get_size(context_.get(), kTrunk));
        if (llama_state_seq_get_data(context_.get(), state.data(), state.size(), kTrunk) == state.size())
            beginnings_.put(beginning, std::move(state));
    } catch (const std::bad_alloc &) {
        // then it is decoded again
    }
}

void ScoreContext::decode_beginning(const int32_t * tokens, int from, int to) {
    for (int first = from; first < to; first += n_batch_) {
        batch_.clear();
        for (int i = first; i < std::min(first + n_batch_, to); ++i) batch_.add(tokens[i], i, kTrunk, false);
        decode_batch();
    }
}

void ScoreContext::decode(const std::vector<ScoreNode> & nodes,
                          const std::function<void(size_t first, size_t end)> & read) {
    llama_memory_t memory = llama_get_memory(context_.get());
    llama_seq_id n_branches = 0;
    std::vector<std::vector<llama_seq_id>> branches;
    for (const ScoreNode & node : nodes) {
        branches.push_back(node.branches);
        for (llama_seq_id & s : branches.back()) {
            n_branches = std::max(n_branches, s + 1);
            s += kFirstBranch;
        }
    }
    for (llama_seq_id s = 0; s < n_branches; ++s) llama_memory_seq_cp(memory, kTrunk, kFirstBranch + s, -1, -1);
    for (size_t first = 0; first < nodes.size(); first += n_batch_) {
        const size_t end = std::min(nodes.size(), first + n_batch_);
        batch_.clear();
        for (size_t i = first; i < end; ++i) {
            batch_.add(nodes[i].token, nodes[i].position, branches[i].data(), static_cast<int>(branches[i].size()),
                       nodes[i].has_output);
        }
        decode_batch();
        find_logits();
        read(first, end);
    }
    for (llama_seq_id s = 0; s < n_branches; ++s) llama_memory_seq_rm(memory, kFirstBranch + s, -1, -1);
}

// llama.cpp waits for the batch, and puts its outputs in order: on one thread, before several read them.
void ScoreContext::find_logits() {
    logits_.assign(batch_.batch.n_tokens, nullptr);
    for (int i = 0; i < batch_.batch.n_tokens; ++i) {
        if (!batch_.batch.logits[i]) continue;
        logits_[i] = llama_get_logits_ith(context_.get(), i);
        if (!logits_[i])
            throw EngineError(ErrorCode::kDecode, "llama.cpp gives no logits for a token that was asked for");
    }
}

void ScoreContext::decode_batch() {
    n_decoded_ += batch_.batch.n_tokens;
    corrsynth::decode_batch(model_, context_.get(), batch_, *cancel_, "The scoring was stopped");
}

}  // namespace corrsynth
