// The CPU backend: reads the logits where they lie, draws groups side by side.
#pragma once
#include <vector>

#include "backends/backend.h"
#include "backends/workers.h"

namespace corrsynth {

class CpuBackend : public Backend {
  public:
    CpuBackend(const BackendOptions & options, Workers & workers);
    const char * name() const override { return "cpu"; }

    // Serves logits that the host can read.
    bool draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) override;
    std::string why_not() const override { return "the host cannot read the logits"; }

  private:
    const BackendOptions options_;
    Workers & workers_;
    std::vector<StepScratch> scratch_;  // [n_workers]
};

}  // namespace corrsynth
