// What a step sends to the device: a record per row always, the weights only when they changed. One pinned buffer, and
// one of the same layout on the device.
#pragma once
#include <vector>

#include "backends/cuda/cuda_sampler.h"
#include "backends/cuda/runtime.h"
#include "backends/cuda/step.cuh"

namespace corrsynth {
namespace cuda {

class StepUpload {
  public:
    explicit StepUpload(int max_rows);

    // Lays out the step in host memory. Throws Failure when it does not fit or contradicts the previous one.
    void fill(const corrsynth_cuda_input & input);
    // Queues what the device does not have yet and returns its size in bytes.
    size_t send(cudaStream_t stream);
    void point(Step & step) const;

    int n_rows() const { return n_rows_; }

  private:
    void fill_weights(const corrsynth_cuda_input & input);
    void mark_needed();

    Row * rows() const { return host_.as<Row>(); }
    int32_t * first() const { return host_.as<int32_t>(first_at_); }
    WeightedRow * partners() const { return host_.as<WeightedRow>(partners_at_); }

    int max_rows_, n_rows_ = 0;
    size_t first_at_, partners_at_, room_;
    bool weights_are_sent_ = false;
    HostBuffer host_;
    DeviceBuffer device_;
    std::vector<uint8_t> draws_, needed_;  // of the previous step, while the weights have not changed
};

}  // namespace cuda
}  // namespace corrsynth
