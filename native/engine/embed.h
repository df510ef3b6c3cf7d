// Embeddings of texts: the model's last hidden state, after its final norm, pooled over each text.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "engine/model.h"

namespace corrsynth {

enum class Pooling {
    kMean,   // over all tokens
    kFirst,  // of the first token, [CLS] of an encoder
    kLast,   // of the last token: in a causal model the only one that has seen the whole text
};

struct EmbedOptions {
    Pooling pooling = Pooling::kLast;
    int max_tokens = 512;  // of a text, >= 1; what comes after is left out
    int n_threads = 1;     // 1..kMaxThreads
};

// Returns [n_texts, n_embd], row by row. Texts are decoded together as far as a batch goes; on a CPU each vector is
// that of the text alone, bit for bit. A text needs a token at least. Those of a vocabulary that closes its texts
// ([SEP], or an end token) get that token behind what is read. Throws EngineError kOutOfMemory, kDecode, kCancelled.
std::vector<float> embed(const Model & model, const std::vector<std::vector<int32_t>> & texts,
                         const EmbedOptions & options, const std::atomic<bool> & cancel);

}  // namespace corrsynth
