#include "backends/cpu.h"

namespace corrsynth {

CpuBackend::CpuBackend(const BackendOptions & options, Workers & workers)
    : options_(options),
      workers_(workers),
      scratch_(workers.n_workers(), StepScratch(options.max_group_rows, options.n_vocab)) {}

bool CpuBackend::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool) {
    if (!logits.host.data) return false;
    workers_.run(n_groups, [&](int i, int worker) {
        GroupDraw & group = groups[i];
        LogitsView & view = group.input.logits;
        view.data = logits.host.data;
        view.stride = logits.host.stride;
        view.n_vocab = logits.host.n_vocab;
        group.result =
            sample_step(options_.step, *options_.mask, group.input, scratch_[worker], group.tokens, group.log_probs);
    });
    return true;
}

}  // namespace corrsynth
