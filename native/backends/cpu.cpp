#include "backends/cpu.h"

#include "sampling/contrast_norm.h"

namespace corrsynth {
namespace {

void measure_contrast_norms(const StepInput & input, const TokenMask & mask, double * contrast_norms) {
    for (int m = 0; m < input.logits.n_rows; ++m) {
        if (input.draws[m]) contrast_norms[m] = contrast_norm(input.logits, m, *input.weights, mask);
    }
}

}  // namespace

CpuBackend::CpuBackend(const BackendOptions & options, Workers & workers)
    : options_(options),
      workers_(workers),
      scratch_(workers.n_workers(), StepScratch(options.max_group_rows, options.n_vocab)) {}

bool CpuBackend::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool) {
    const StepLogits * second = logits.second;
    if (!logits.host.data || (second && !second->host.data)) return false;
    workers_.run(n_groups, [&](int i, int worker) {
        GroupDraw & group = groups[i];
        LogitsView & view = group.input.logits;
        view.data = logits.host.data;
        view.stride = logits.host.stride;
        view.n_vocab = options_.n_vocab;
        view.second_data = second ? second->host.data : nullptr;
        view.second_stride = second ? second->host.stride : 0;
        group.result =
            sample_step(options_.step, *options_.mask, group.input, scratch_[worker], group.tokens, group.log_probs);
        if (group.contrast_norms && group.result.status == StepStatus::kOk)
            measure_contrast_norms(group.input, *options_.mask, group.contrast_norms);
        if (group.trace && group.result.status == StepStatus::kOk)
            trace_step(options_.step, *options_.mask, group.input, group.traced_row, group.tokens[group.traced_row],
                       group.n_likely, *group.trace);
    });
    return true;
}

}  // namespace corrsynth
