#include "engine/embed.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string>

#include "engine/decode.h"
#include "engine/error.h"
#include "engine/threadpool.h"

namespace corrsynth {
namespace {

constexpr int kMaxTexts = 64;    // in a batch of a device
constexpr int kMinBatch = 1024;  // tokens

using Texts = std::vector<std::vector<int32_t>>;

// What is read of a text: its beginning, closed as the model knows texts.
std::vector<int32_t> as_read(const std::vector<int32_t> & text, const EmbedOptions & options, int32_t closing) {
    const size_t room = static_cast<size_t>(options.max_tokens) - (closing >= 0 && options.max_tokens > 1 ? 1 : 0);
    std::vector<int32_t> out(text.begin(), text.begin() + static_cast<ptrdiff_t>(std::min(text.size(), room)));
    if (closing >= 0 && !out.empty() && out.back() != closing && out.size() < static_cast<size_t>(options.max_tokens))
        out.push_back(closing);
    return out;
}

enum llama_pooling_type to_llama(Pooling pooling) {
    switch (pooling) {
        case Pooling::kMean:
            return LLAMA_POOLING_TYPE_MEAN;
        case Pooling::kFirst:
            return LLAMA_POOLING_TYPE_CLS;
        default:
            return LLAMA_POOLING_TYPE_LAST;
    }
}

// Their numbers, the shortest first, those of one length in their order.
std::vector<size_t> by_length(const Texts & texts) {
    std::vector<size_t> order(texts.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return texts[a].size() < texts[b].size(); });
    return order;
}

// On a CPU a vector is to depend on its text alone, to the last bit, so that it may be kept for another time. Where a
// text stands among the cells of others decides in which order attention sums, and of some formats the product of
// matrices depends on how many tokens there are: so there a text is a batch. Measured on a core, texts of 10 to 60
// tokens took as long together; those of a large model with few tokens a sixth less. A device needs batches to be
// quick.
class Embedder {
  public:
    // longest: tokens of a text.
    Embedder(const Model & model, const EmbedOptions & options, int longest, const std::atomic<bool> & cancel)
        : model_(model),
          cancel_(cancel),
          n_embd_(llama_model_n_embd_out(model.handle())),
          n_texts_(model.info().devices.empty() ? 1 : kMaxTexts),
          n_batch_(std::max(longest, kMinBatch)),
          threadpool_(make_threadpool(options.n_threads)),
          batch_(n_batch_) {
        const LogCapture log;
        llama_context_params params = llama_context_default_params();
        params.embeddings = true;
        params.pooling_type = to_llama(options.pooling);
        params.n_ctx = params.n_batch = params.n_ubatch = n_batch_;
        params.n_seq_max = n_texts_;
        params.kv_unified = true;  // texts of any length share a graph; none is decoded further
        params.n_threads = params.n_threads_batch = options.n_threads;
        params.abort_callback = is_set;
        params.abort_callback_data = const_cast<std::atomic<bool> *>(&cancel);
        context_.reset(llama_init_from_model(model.handle(), params));
        if (!context_) {
            throw EngineError(ErrorCode::kOutOfMemory, "Cannot set up a context for embeddings of " +
                                                           std::to_string(n_batch_) + " tokens: " + log.reason());
        }
        if (threadpool_) llama_attach_threadpool(context_.get(), threadpool_.get(), threadpool_.get());
    }

    std::vector<float> run(const Texts & texts) {
        std::vector<float> out(texts.size() * n_embd_);
        std::vector<size_t> pending;
        for (const size_t t : by_length(texts)) {
            const std::vector<int32_t> & text = texts[t];
            const int n = static_cast<int>(text.size());
            const bool fits = pending.size() < static_cast<size_t>(n_texts_) && batch_.batch.n_tokens + n <= n_batch_;
            if (!fits) flush(pending, out);
            for (int i = 0; i < n; ++i) batch_.add(text[i], i, static_cast<int>(pending.size()), true);
            pending.push_back(t);
        }
        flush(pending, out);
        return out;
    }

  private:
    void flush(std::vector<size_t> & pending, std::vector<float> & out) {
        if (pending.empty()) return;
        decode_batch(model_, context_.get(), batch_, cancel_, "The embedding was stopped");
        llama_synchronize(context_.get());
        for (size_t i = 0; i < pending.size(); ++i) {
            const float * values = llama_get_embeddings_seq(context_.get(), static_cast<llama_seq_id>(i));
            if (!values) throw EngineError(ErrorCode::kDecode, "This model gives no embedding of a whole text");
            std::copy(values, values + n_embd_, out.begin() + static_cast<ptrdiff_t>(pending[i] * n_embd_));
        }
        if (llama_memory_t memory = llama_get_memory(context_.get())) llama_memory_clear(memory, false);
        batch_.clear();
        pending.clear();
    }

    const Model & model_;
    const std::atomic<bool> & cancel_;
    const int n_embd_;
    const int n_texts_, n_batch_;
    ThreadpoolHandle threadpool_;  // before context_: must outlive it
    LlamaContextHandle context_;
    LlamaBatch batch_;
};

}  // namespace

std::vector<float> embed(const Model & model, const Texts & texts, const EmbedOptions & options,
                         const std::atomic<bool> & cancel) {
    assert(options.max_tokens >= 1);
    if (texts.empty()) return {};
    Texts read;
    size_t longest = 0;
    for (const std::vector<int32_t> & text : texts) {
        read.push_back(as_read(text, options, model.vocabulary().closing()));
        if (read.back().empty()) throw EngineError(ErrorCode::kDecode, "A text without tokens has no embedding");
        longest = std::max(longest, read.back().size());
    }
    return Embedder(model, options, static_cast<int>(longest), cancel).run(read);
}

}  // namespace corrsynth
