// What a step brings back from the device: a token per row; with log-probabilities also what they are made of.
#pragma once
#include "backends/cuda/runtime.h"
#include "backends/cuda/step.cuh"

namespace corrsynth {
namespace cuda {

// [n_rows] exp_sums | tops | drawn_logits | tokens, packed for the rows at hand, so that what is wanted is one copy.
class StepResults {
  public:
    explicit StepResults(int max_rows) {
        host_.allocate(offset(kEnd, max_rows));
        device_.allocate(offset(kEnd, max_rows));
    }

    void point(Step & step) const {
        step.exp_sums = device_.as<double>(offset(kExpSums, step.n_rows));
        step.tops = device_.as<float>(offset(kTops, step.n_rows));
        step.drawn_logits = device_.as<float>(offset(kDrawnLogits, step.n_rows));
        step.tokens = device_.as<int32_t>(offset(kTokens, step.n_rows));
    }

    enum Part { kExpSums, kTops, kDrawnLogits, kTokens, kEnd };

    // Queues the copy of the parts from .. to - 1 and returns its size in bytes.
    size_t fetch(Part from, Part to, int n_rows, cudaStream_t stream) {
        const size_t begin = offset(from, n_rows), bytes = offset(to, n_rows) - begin;
        check(cudaMemcpyAsync(host_.at(begin), device_.at(begin), bytes, cudaMemcpyDeviceToHost, stream),
              "cudaMemcpyAsync");
        return bytes;
    }

    const double * exp_sums() const { return host_.as<double>(); }
    const float * tops(int n_rows) const { return host_.as<float>(offset(kTops, n_rows)); }
    const float * drawn_logits(int n_rows) const { return host_.as<float>(offset(kDrawnLogits, n_rows)); }
    const int32_t * tokens(int n_rows) const { return host_.as<int32_t>(offset(kTokens, n_rows)); }

  private:
    static size_t offset(Part part, int n_rows) {
        constexpr size_t kBytesBefore[] = {0, 8, 12, 16, 20};
        return kBytesBefore[part] * static_cast<size_t>(n_rows);
    }
    HostBuffer host_;
    DeviceBuffer device_;
};

}  // namespace cuda
}  // namespace corrsynth
