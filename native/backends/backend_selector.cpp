#include "backends/backend_selector.h"

#include <stdexcept>

#include "backends/copy.h"
#include "backends/cpu.h"
#include "backends/cuda.h"
#include "backends/graph.h"

namespace corrsynth {

BackendSelector::BackendSelector(const BackendOptions & options, Workers & workers, const std::string & directory) {
    auto cpu = std::make_unique<CpuBackend>(options, workers);
    auto copy = std::make_unique<CopyBackend>(*cpu);
    backends_.push_back(std::move(cpu));
    if (!options.draws_on_host) {
        backends_.push_back(std::make_unique<CudaBackend>(options, directory));
        backends_.push_back(std::make_unique<GraphBackend>(options));
    }
    backends_.push_back(std::move(copy));
}

void BackendSelector::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) {
    for (const auto & backend : backends_) {
        // a backend that missed steps does not have the weights of the step before
        if (!backend->draw(logits, groups, n_groups, weights_changed || latest_ != backend.get())) continue;
        latest_ = backend.get();
        return;
    }
    throw std::runtime_error("the logits are neither on the host nor in a tensor");
}

std::string BackendSelector::notice() const {
    std::string out;
    if (!latest_ || latest_ == backends_[0].get()) return out;
    for (size_t i = 1; i < backends_.size() && backends_[i].get() != latest_; ++i) {
        if (!out.empty()) out += "; ";
        out += std::string(backends_[i]->name()) + ": " + backends_[i]->why_not();
    }
    return out;
}

uint64_t BackendSelector::bytes_to_host() const {
    uint64_t n = 0;
    for (const auto & backend : backends_) n += backend->bytes_to_host();
    return n;
}

}  // namespace corrsynth
