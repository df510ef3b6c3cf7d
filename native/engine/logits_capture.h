// The seam into llama.cpp: where the logits of the last decode lie, without a copy of them ever being made.
#pragma once
#include <vector>

#include "engine/layer_logits.h"
#include "engine/llama_handles.h"

struct ggml_tensor;

namespace corrsynth {

// llama.cpp lets a sampler take part in the graph (experimental, llama.h "backend sampling interface"). Ours, one per
// sequence, only remembers the logits tensor it is shown and hands nothing on, so that llama.cpp neither adds
// operations nor copies logits to the host. Where earlier layers are asked for, it adds their logits to the graph.
// Must outlive the context it was given to, and serves one context only.
class LogitsCapture {
  public:
    explicit LogitsCapture(int n_sequences, std::vector<int> layers = {});
    LogitsCapture(const LogitsCapture &) = delete;
    LogitsCapture & operator=(const LogitsCapture &) = delete;

    // For llama_context_params.samplers; valid while this lives.
    std::vector<llama_sampler_seq_config> & configs() { return configs_; }

    // The [n_vocab, n_outputs] float tensor of the last decode, rows in the order of the batch. Only to be asked for
    // after llama_decode and llama_synchronize succeeded, and gone with the next decode: the graph reservations that
    // llama.cpp makes in between change it as well. Null when no graph has been built.
    const ggml_tensor * logits() const { return logits_; }

    // Those of the earlier layers, alike in everything.
    const LayerLogits & layers() const { return layers_; }

  private:
    static const llama_sampler_i kInterface;
    std::vector<LlamaSamplerHandle> chains_;
    std::vector<llama_sampler_seq_config> configs_;
    void show(ggml_context * context, ggml_cgraph * graph, ggml_tensor * logits);

    const ggml_tensor * logits_ = nullptr;
    LayerLogits layers_;
};

}  // namespace corrsynth
