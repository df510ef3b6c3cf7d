// One owning pointer per llama.cpp handle: the only place that spells its free functions.
#pragma once
#include <memory>
#include <vector>

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

// llama_batch is a plain struct of arrays. Ours are vectors, since llama_batch_init writes to what malloc gave it
// without a look at it.
class LlamaBatch {
  public:
    // Room for so many tokens. Throws std::bad_alloc.
    explicit LlamaBatch(int n_tokens)
        : tokens_(n_tokens),
          positions_(n_tokens),
          counts_(n_tokens),
          sequences_(n_tokens),
          lists_(n_tokens),
          outputs_(n_tokens) {
        batch.token = tokens_.data();
        batch.pos = positions_.data();
        batch.n_seq_id = counts_.data();
        batch.seq_id = lists_.data();
        batch.logits = outputs_.data();
    }
    LlamaBatch(const LlamaBatch &) = delete;
    LlamaBatch & operator=(const LlamaBatch &) = delete;

    void clear() { batch.n_tokens = 0; }
    void add(llama_token token, llama_pos position, llama_seq_id sequence, bool output) {
        sequences_[batch.n_tokens] = sequence;
        add(token, position, &sequences_[batch.n_tokens], 1, output);
    }
    // A token of several sequences, which they share; the list is read by the decode.
    void add(llama_token token, llama_pos position, const llama_seq_id * sequences, int n_sequences, bool output) {
        const int i = batch.n_tokens++;
        tokens_[i] = token;
        positions_[i] = position;
        counts_[i] = n_sequences;
        lists_[i] = const_cast<llama_seq_id *>(sequences);
        outputs_[i] = output;
    }

    llama_batch batch{};

  private:
    std::vector<llama_token> tokens_;
    std::vector<llama_pos> positions_;
    std::vector<int32_t> counts_;
    std::vector<llama_seq_id> sequences_;
    std::vector<llama_seq_id *> lists_;
    std::vector<int8_t> outputs_;
};

}  // namespace corrsynth
