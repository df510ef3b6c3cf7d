#include "backends/copy.h"

#include "ggml-backend.h"
#include "ggml.h"

namespace corrsynth {

// One matrix, copied where the host cannot read it as it lies.
StepLogits CopyBackend::on_host(const StepLogits & logits, std::vector<float> & memory) {
    StepLogits out;
    out.host = logits.host;
    if (logits.host.data || !logits.tensor) return out;
    const size_t n_bytes = ggml_nbytes(logits.tensor);
    memory.resize(n_bytes / sizeof(float));
    ggml_backend_tensor_get(logits.tensor, memory.data(), 0, n_bytes);
    n_bytes_ += n_bytes;
    out.host.data = memory.data();
    out.host.stride = logits.tensor->nb[1] / sizeof(float);
    return out;
}

bool CopyBackend::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) {
    StepLogits copied = on_host(logits, logits_);
    const StepLogits second = logits.second ? on_host(*logits.second, second_) : StepLogits{};
    if (logits.second) copied.second = &second;
    return cpu_.draw(copied, groups, n_groups, weights_changed);
}

}  // namespace corrsynth
