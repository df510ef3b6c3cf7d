// The last resort for logits on a device: all of them are copied to the host, where the CPU backend draws.
#pragma once
#include <vector>

#include "backends/cpu.h"

namespace corrsynth {

class CopyBackend : public Backend {
  public:
    explicit CopyBackend(CpuBackend & cpu) : cpu_(cpu) {}
    const char * name() const override { return "copy"; }
    bool draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) override;
    std::string why_not() const override { return "there is no tensor of logits"; }
    uint64_t bytes_to_host() const override { return n_bytes_; }

  private:
    StepLogits on_host(const StepLogits & logits, std::vector<float> & memory);
    CpuBackend & cpu_;
    std::vector<float> logits_, second_;  // [n_rows, n_vocab]
    uint64_t n_bytes_ = 0;
};

}  // namespace corrsynth
