// The CUDA backend: hands steps to libcorrsynth-cuda, a library of its own that is loaded at run time where it is
// found.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/cuda/cuda_sampler.h"

namespace corrsynth {

// The functions of the library; see cuda_sampler.h.
struct CudaLibrary {
    decltype(&corrsynth_cuda_open) open = nullptr;
    decltype(&corrsynth_cuda_step) step = nullptr;
    decltype(&corrsynth_cuda_count) count = nullptr;
    decltype(&corrsynth_cuda_close) close = nullptr;

    static bool is_in(const std::string & directory);

    // The library in that folder, loaded once and kept. Null, and why in `message`, when it is not there or not ours.
    static const CudaLibrary * load(const std::string & directory, std::string & message);
};

class CudaBackend : public Backend {
  public:
    // The library is looked for in that folder when the first step asks for it.
    CudaBackend(const BackendOptions & options, std::string directory);
    ~CudaBackend() override;
    const char * name() const override { return "cuda"; }

    // Serves logits in the memory of a CUDA device. Throws std::runtime_error when the device fails in a step.
    bool draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) override;
    std::string why_not() const override { return why_not_; }
    uint64_t bytes_to_host() const override { return sampler_ ? library_->count(sampler_).bytes_to_host : 0; }

  private:
    bool open(const void * logits);
    const BackendOptions options_;
    const std::string directory_;
    const CudaLibrary * library_ = nullptr;
    bool is_hopeless_ = false;  // not asked again
    std::string why_not_;
    corrsynth_cuda * sampler_ = nullptr;
    std::vector<corrsynth_cuda_group> groups_;
    std::vector<int32_t> tokens_;    // [max_rows] of all groups, one after the other
    std::vector<double> log_probs_;  // [max_rows]
};

}  // namespace corrsynth
