#include "backends/copy.h"

#include "ggml-backend.h"
#include "ggml.h"

namespace corrsynth {

bool CopyBackend::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) {
    if (!logits.tensor) return false;
    const size_t n_bytes = ggml_nbytes(logits.tensor);
    logits_.resize(n_bytes / sizeof(float));
    ggml_backend_tensor_get(logits.tensor, logits_.data(), 0, n_bytes);
    n_bytes_ += n_bytes;
    StepLogits copied;
    copied.host = logits.host;
    copied.host.data = logits_.data();
    copied.host.stride = logits.tensor->nb[1] / sizeof(float);
    return cpu_.draw(copied, groups, n_groups, weights_changed);
}

}  // namespace corrsynth
