#include "engine/embed.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "engine/decode.h"
#include "engine/error.h"
#include "engine/threadpool.h"

namespace corrsynth {
namespace {

constexpr int kMaxTexts = 64;    // in a batch
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

// Tokens that are decoded together: the longest text is in one batch.
int batch_size(const Texts & texts) {
    size_t n = kMinBatch;
    for (const std::vector<int32_t> & text : texts) n = std::max(n, text.size());
    return static_cast<int>(n);
}

class Embedder {
  public:
    Embedder(const Model & model, const EmbedOptions & options, int n_batch, const std::atomic<bool> & cancel)
        : model_(model),
          cancel_(cancel),
          n_embd_(llama_model_n_embd_out(model.handle())),
          n_batch_(n_batch),
          threadpool_(make_threadpool(options.n_threads)),
          batch_(n_batch_) {
        const LogCapture log;
        llama_context_params params = llama_context_default_params();
        params.embeddings = true;
        params.pooling_type = to_llama(options.pooling);
        params.n_ctx = params.n_batch = params.n_ubatch = n_batch_;
        params.n_seq_max = kMaxTexts;
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
        std::vector<float> out;
        out.reserve(texts.size() * n_embd_);
        int n_pending = 0;
        for (const std::vector<int32_t> & text : texts) {
            const int n = static_cast<int>(text.size());
            if (n == 0) throw EngineError(ErrorCode::kDecode, "A text without tokens has no embedding");
            if (n_pending == kMaxTexts || batch_.batch.n_tokens + n > n_batch_) flush(n_pending, out);
            for (int i = 0; i < n; ++i) batch_.add(text[i], i, n_pending, true);
            ++n_pending;
        }
        flush(n_pending, out);
        return out;
    }

  private:
    void flush(int & n_pending, std::vector<float> & out) {
        if (n_pending == 0) return;
        decode_batch(model_, context_.get(), batch_, cancel_, "The embedding was stopped");
        llama_synchronize(context_.get());
        for (int i = 0; i < n_pending; ++i) {
            const float * values = llama_get_embeddings_seq(context_.get(), i);
            if (!values) throw EngineError(ErrorCode::kDecode, "This model gives no embedding of a whole text");
            out.insert(out.end(), values, values + n_embd_);
        }
        if (llama_memory_t memory = llama_get_memory(context_.get())) llama_memory_clear(memory, false);
        batch_.clear();
        n_pending = 0;
    }

    const Model & model_;
    const std::atomic<bool> & cancel_;
    const int n_embd_, n_batch_;
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
    for (const std::vector<int32_t> & text : texts)
        read.push_back(as_read(text, options, model.vocabulary().closing()));
    return Embedder(model, options, batch_size(read), cancel).run(read);
}

}  // namespace corrsynth
