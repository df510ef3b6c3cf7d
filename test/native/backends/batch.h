// One step of several groups, as the engine would hand it to the CUDA sampler and, group by group, to sample_step.
#pragma once
#include <string>

#include "backends/cuda/cuda_sampler.h"
#include "sampling/helpers.h"
#include "sampling/sample_step.h"

namespace corrsynth_test {

struct BatchGroup {
    int n_rows = 0;
    std::vector<double> matrix;               // [n_rows, n_rows] gamma_{m,n}
    std::vector<uint8_t> active, draws;       // [n_rows]
    std::vector<int> row_index;               // [n_rows]
    corrsynth::ContrastWeights weights = {};  // of the active rows
    uint64_t group = 0;
    uint32_t step = 0;
    double gamma = 1;
};

struct Batch {
    int n_vocab = 0;
    size_t offset = 0, stride = 0;  // floats before the first row, and from one row to the next
    std::vector<float> logits;
    std::vector<BatchGroup> groups;
    corrsynth::StepParams params;
    std::vector<int32_t> banned, end;

    int n_rows() const {
        int n = 0;
        for (const BatchGroup & g : groups) n += g.n_rows;
        return n;
    }
    float * row(int g, int m) { return logits.data() + offset + groups[g].row_index[m] * stride; }
};

struct BatchOutcome {
    int status = 0, group = -1, row = -1;
    std::vector<int32_t> tokens;
    std::vector<double> log_probs;
    std::string message = {};
    bool operator==(const BatchOutcome & other) const {
        return status == other.status && group == other.group && row == other.row && tokens == other.tokens &&
               log_probs == other.log_probs;
    }
};

constexpr int32_t kLeftAlone = -77;  // what tokens and log_probs hold before a step

inline BatchOutcome expected_outcome(const Batch & batch, bool wants_log_probs) {
    const int n_rows = batch.n_rows();
    BatchOutcome out{0, -1, -1, std::vector<int32_t>(n_rows, kLeftAlone), std::vector<double>(n_rows, kLeftAlone)};
    const BatchOutcome untouched = out;
    const corrsynth::TokenMask mask(batch.n_vocab, batch.banned, batch.end);
    int at = 0;
    for (const BatchGroup & g : batch.groups) {
        corrsynth::StepScratch scratch(g.n_rows, batch.n_vocab);
        const corrsynth::LogitsView view{batch.logits.data() + batch.offset, batch.stride, g.n_rows, batch.n_vocab,
                                         g.row_index.data()};
        const corrsynth::StepResult result =
            sample_step(batch.params, mask, {view, &g.weights, g.draws.data(), g.group, g.step}, scratch,
                        out.tokens.data() + at, wants_log_probs ? out.log_probs.data() + at : nullptr);
        if (result.status != corrsynth::StepStatus::kOk) {
            out = untouched;
            out.status = static_cast<int>(result.status);
            out.group = static_cast<int>(&g - batch.groups.data());
            out.row = result.row;
            return out;
        }
        at += g.n_rows;
    }
    return out;
}

inline std::vector<uint8_t> token_flags(const Batch & batch) {
    std::vector<uint8_t> flags(batch.n_vocab, 0);
    for (const int32_t w : batch.banned) flags[w] |= CORRSYNTH_CUDA_BANNED;
    for (const int32_t w : batch.end) flags[w] |= CORRSYNTH_CUDA_END;
    return flags;
}

// Calls step with the batch, its logits lying at device_logits; Step is corrsynth_cuda_step or a pointer to it.
template <class StepFunction>
BatchOutcome cuda_outcome(StepFunction step, corrsynth_cuda * sampler, const Batch & batch, const float * device_logits,
                          bool wants_log_probs, bool weights_changed = true) {
    static_assert(sizeof(corrsynth_cuda_partner) == sizeof(corrsynth::Partner) &&
                      offsetof(corrsynth_cuda_partner, weight) == offsetof(corrsynth::Partner, weight),
                  "the weights of a group are handed over as they are");
    const int n_rows = batch.n_rows();
    BatchOutcome out{0, -1, -1, std::vector<int32_t>(n_rows, kLeftAlone), std::vector<double>(n_rows, kLeftAlone)};
    std::vector<corrsynth_cuda_group> groups;
    for (const BatchGroup & g : batch.groups) {
        groups.push_back({g.n_rows, g.row_index.data(), g.draws.data(), g.weights.own.data(), g.weights.first.data(),
                          reinterpret_cast<const corrsynth_cuda_partner *>(g.weights.partners.data()), g.group,
                          g.step});
    }
    const corrsynth::StepParams & p = batch.params;
    const corrsynth_cuda_input input{device_logits,   batch.stride,
                                     groups.data(),   static_cast<int32_t>(groups.size()),
                                     weights_changed, {p.alpha, p.temperature, p.top_p, p.top_k, p.keeps_ends, p.seed}};
    corrsynth_cuda_result result;
    out.status = step(sampler, &input, out.tokens.data(), wants_log_probs ? out.log_probs.data() : nullptr, &result);
    out.group = result.group;
    out.row = result.row;
    out.message = result.message;
    return out;
}

}  // namespace corrsynth_test
