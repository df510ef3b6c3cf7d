// Which backend draws: decided at every step by where the logits lie.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/workers.h"

namespace corrsynth {

// In order of preference: the host's own memory is read in place (cpu); a CUDA device draws by itself (cuda), where its
// library was found; any other device finds the candidates (graph); else all logits are copied (copy).
class BackendSelector {
  public:
    // directory: where libcorrsynth-cuda is looked for.
    BackendSelector(const BackendOptions & options, Workers & workers, const std::string & directory);

    // Throws std::runtime_error when a device fails.
    void draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed);

    // The backend of the latest step, "" before the first.
    const char * name() const { return latest_ ? latest_->name() : ""; }
    // Why a faster backend did not serve the latest step; empty when the logits were the host's or the device drew.
    std::string notice() const;
    uint64_t bytes_to_host() const;

  private:
    std::vector<std::unique_ptr<Backend>> backends_;
    const Backend * latest_ = nullptr;
};

}  // namespace corrsynth
