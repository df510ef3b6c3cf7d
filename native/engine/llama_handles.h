// One owning pointer per llama.cpp handle: the only place that spells its free functions.
#pragma once
#include <memory>

#include "gguf.h"
#include "llama.h"

namespace corrsynth {

template <auto Free>
struct HandleDeleter {
    template <typename T>
    void operator()(T * handle) const {
        Free(handle);
    }
};

using LlamaModelHandle = std::unique_ptr<llama_model, HandleDeleter<llama_model_free>>;
using LlamaContextHandle = std::unique_ptr<llama_context, HandleDeleter<llama_free>>;
using LlamaSamplerHandle = std::unique_ptr<llama_sampler, HandleDeleter<llama_sampler_free>>;
using GgufHandle = std::unique_ptr<gguf_context, HandleDeleter<gguf_free>>;

// llama_batch is a plain struct of arrays with a free function of its own.
struct LlamaBatch {
    llama_batch batch;
    explicit LlamaBatch(int n_tokens) : batch(llama_batch_init(n_tokens, 0, 1)) {}
    ~LlamaBatch() { llama_batch_free(batch); }
    LlamaBatch(const LlamaBatch &) = delete;
    LlamaBatch & operator=(const LlamaBatch &) = delete;

    void clear() { batch.n_tokens = 0; }
    void add(llama_token token, llama_pos position, llama_seq_id sequence, bool output) {
        const int i = batch.n_tokens++;
        batch.token[i] = token;
        batch.pos[i] = position;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = sequence;
        batch.logits[i] = output;
    }
};

}  // namespace corrsynth
