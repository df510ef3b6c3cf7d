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
    [](llama_sampler * sampler, ggml_context *, ggml_cgraph *, llama_sampler_data * data) {
        // v0.5.0 shows each sampler a view of one row of pad(logits); the probe graph shows a tensor without source
        const ggml_tensor * whole = data->logits->view_src ? data->logits->view_src : data->logits;
        static_cast<LogitsCapture *>(sampler->ctx)->logits_ = whole->op == GGML_OP_PAD ? whole->src[0] : whole;
        // anything left here would be copied to the host, the vocabulary long, for every row
        data->logits = data->probs = data->sampled = data->candidates = nullptr;
    },
    /*backend_set_input=*/nullptr,
    /*backend_reset=*/[](llama_sampler * sampler) { static_cast<LogitsCapture *>(sampler->ctx)->logits_ = nullptr; },
    /*copy_state=*/nullptr,
};

LogitsCapture::LogitsCapture(int n_sequences) {
    for (llama_seq_id sequence = 0; sequence < n_sequences; ++sequence) {
        chains_.emplace_back(llama_sampler_chain_init(llama_sampler_chain_default_params()));
        llama_sampler_chain_add(chains_.back().get(),
                                llama_sampler_init(const_cast<llama_sampler_i *>(&kInterface), this));
        configs_.push_back({sequence, chains_.back().get()});
    }
}

}  // namespace corrsynth
