#include "backends/cuda/step_upload.h"

#include <algorithm>

namespace corrsynth {
namespace cuda {
namespace {

size_t aligned(size_t bytes) { return (bytes + 15) / 16 * 16; }

}  // namespace

StepUpload::StepUpload(int max_rows)
    : max_rows_(max_rows),
      first_at_(aligned(max_rows * sizeof(Row))),
      partners_at_(first_at_ + aligned((max_rows + size_t{1}) * sizeof(int32_t))),
      room_(partners_at_ + static_cast<size_t>(max_rows) * max_rows * sizeof(WeightedRow)),
      draws_(max_rows),
      needed_(max_rows) {
    host_.allocate(room_);
    device_.allocate(room_);
}

void StepUpload::fill(const corrsynth_cuda_input & input) {
    int n_rows = 0;
    for (int g = 0; g < input.n_groups; ++g) n_rows += input.groups[g].n_rows;
    if (n_rows > max_rows_) {
        throw Failure("Expected at most " + std::to_string(max_rows_) + " rows in a step, as opened, received " +
                      std::to_string(n_rows) + ": open a larger sampler");
    }
    const bool changed = input.weights_changed || n_rows_ == 0;
    if (!changed && n_rows != n_rows_) {
        throw Failure("Expected the " + std::to_string(n_rows_) + " rows of the previous step, received " +
                      std::to_string(n_rows) + ": set weights_changed");
    }
    n_rows_ = n_rows;
    if (changed) fill_weights(input);

    bool same_draws = !changed;
    int at = 0;
    for (int g = 0; g < input.n_groups; ++g) {
        const corrsynth_cuda_group & group = input.groups[g];
        const int first_row = at;
        for (int m = 0; m < group.n_rows; ++m, ++at) {
            const uint8_t draws = group.draws[m] != 0;
            same_draws = same_draws && draws_[at] == draws;
            draws_[at] = draws;
            Row & row = rows()[at];
            row = Row();
            row.group = group.group;
            row.step = group.step;
            row.own = group.own[m];
            row.index = group.row_index ? group.row_index[m] : m;
            row.first_row = first_row;
        }
    }
    if (!same_draws) mark_needed();
    for (int m = 0; m < n_rows_; ++m) rows()[m].flags = (draws_[m] ? kDraws : 0u) | (needed_[m] ? kNeeded : 0u);
}

void StepUpload::fill_weights(const corrsynth_cuda_input & input) {
    weights_are_sent_ = false;
    int at = 0, n_partners = 0;
    for (int g = 0; g < input.n_groups; ++g) {
        const corrsynth_cuda_group & group = input.groups[g];
        const int first_row = at;
        for (int m = 0; m < group.n_rows; ++m, ++at) {
            first()[at] = n_partners;
            if (group.first[m + 1] - group.first[m] > max_rows_) throw Failure("Expected every partner of a row once");
            for (int i = group.first[m]; i < group.first[m + 1]; ++i) {
                partners()[n_partners++] = {first_row + group.partners[i].row, group.partners[i].weight};
            }
        }
    }
    first()[at] = n_partners;
}

void StepUpload::mark_needed() {
    std::copy_n(draws_.begin(), n_rows_, needed_.begin());
    for (int m = 0; m < n_rows_; ++m) {
        if (!draws_[m]) continue;
        for (int i = first()[m]; i < first()[m + 1]; ++i) needed_[partners()[i].row] = 1;
    }
}

size_t StepUpload::send(cudaStream_t stream) {
    const auto copy = [&](size_t from, size_t bytes) {
        check(cudaMemcpyAsync(device_.at(from), host_.at(from), bytes, cudaMemcpyHostToDevice, stream),
              "cudaMemcpyAsync");
        return bytes;
    };
    size_t sent = copy(0, n_rows_ * sizeof(Row));
    if (!weights_are_sent_) {
        sent += copy(first_at_, partners_at_ + first()[n_rows_] * sizeof(WeightedRow) - first_at_);
        weights_are_sent_ = true;
    }
    return sent;
}

void StepUpload::point(Step & step) const {
    step.n_rows = n_rows_;
    step.rows = device_.as<Row>();
    step.first = device_.as<int32_t>(first_at_);
    step.partners = device_.as<WeightedRow>(partners_at_);
}

}  // namespace cuda
}  // namespace corrsynth
