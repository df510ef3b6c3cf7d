#include "engine/logits_capture.h"

#include "ggml.h"

namespace corrsynth {

const llama_sampler_i LogitsCapture::kInterface = {
    /*name=*/[](const llama_sampler *) { return "corrsynth-capture"; },
    /*accept=*/nullptr,
    /*apply=*/[](llama_sampler *, llama_token_data_array *) {},
    /*reset=*/nullptr,
    /*clone=*/nullptr,
    /*free=*/nullptr,
    /*backend_init=*/[](llama_sampler *, ggml_backend_buffer_type_t, uint32_t) { return true; },
    /*backend_accept=*/nullptr,
    /*backend_apply=*/
    [](llama_sampler * sampler, ggml_context * context, ggml_cgraph * graph, llama_sampler_data * data) {
        // v0.5.0 shows each sampler a view of one row of pad(logits); the probe graph shows a tensor without source
        ggml_tensor * whole = data->logits->view_src ? data->logits->view_src : data->logits;
        static_cast<LogitsCapture *>(sampler->ctx)
            ->show(context, graph, whole->op == GGML_OP_PAD ? whole->src[0] : whole);
        // anything left here would be copied to the host, the vocabulary long, for every row
        data->logits = data->probs = data->sampled = data->candidates = nullptr;
    },
    /*backend_set_input=*/nullptr,
    /*backend_reset=*/
    [](llama_sampler * sampler) {
        auto & capture = *static_cast<LogitsCapture *>(sampler->ctx);
        capture.logits_ = nullptr;
        capture.layers_.forget();
    },
    /*copy_state=*/nullptr,
};

// All samplers are reset before a graph's first one is shown its logits; each is shown the same ones.
void LogitsCapture::show(ggml_context * context, ggml_cgraph * graph, ggml_tensor * logits) {
    const bool is_first = !logits_;
    logits_ = logits;
    if (!is_first) return;
    if (logits->op != GGML_OP_NONE) return layers_.add_to(context, graph, logits);
    // in the probe graph llama.cpp counts the tensors of each sampler, and makes room for their sum in its graphs
    const int n = layers_.n_tensors(), n_samplers = static_cast<int>(configs_.size());
    for (int i = 0; i < (n + n_samplers - 1) / n_samplers; ++i) ggml_new_tensor_1d(context, GGML_TYPE_F32, 1);
}

LogitsCapture::LogitsCapture(int n_sequences, std::vector<int> layers) : layers_(std::move(layers)) {
    for (llama_seq_id sequence = 0; sequence < n_sequences; ++sequence) {
        chains_.emplace_back(llama_sampler_chain_init(llama_sampler_chain_default_params()));
        llama_sampler_chain_add(chains_.back().get(),
                                llama_sampler_init(const_cast<llama_sampler_i *>(&kInterface), this));
        configs_.push_back({sequence, chains_.back().get()});
    }
}

}  // namespace corrsynth
