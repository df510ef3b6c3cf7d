// One step of one group as a value: filled in by a test, run through sample_step or the float64 reference.
#pragma once
#include "sampling/helpers.h"
#include "sampling/reference.h"
#include "sampling/sample_step.h"

namespace corrsynth_test {

struct StepCase {
    int n_rows = 0, n_vocab = 0;
    double gamma = 1;
    std::vector<float> logits;    // [n_rows, n_vocab]
    std::vector<double> matrix;   // [n_rows, n_rows] gamma_{m,n}; of ended rows it is not read
    std::vector<uint8_t> active;  // [n_rows]
    corrsynth::StepParams params;
    corrsynth::TokenMask mask = {};
    uint64_t group = 0;
    uint32_t step = 0;

    StepCase(int rows, int vocab, std::vector<float> values = {})
        : n_rows(rows),
          n_vocab(vocab),
          logits(std::move(values)),
          matrix(static_cast<size_t>(rows) * rows, 0.0),
          active(rows, 1) {}

    float * row(int m) { return logits.data() + static_cast<size_t>(m) * n_vocab; }
    double & weight(int m, int n) { return matrix[static_cast<size_t>(m) * n_rows + n]; }
    // Cross at R = 1: every other row gets total / (M - 1).
    void couple_all(double total) {
        for (int m = 0; m < n_rows; ++m) {
            for (int n = 0; n < n_rows; ++n) weight(m, n) = m == n ? 0 : total / (n_rows - 1);
        }
    }
    corrsynth::LogitsView view() const {
        return {logits.data(), static_cast<size_t>(n_vocab), n_rows, n_vocab, nullptr};
    }
};

struct StepOutcome {
    corrsynth::StepResult result;
    std::vector<int32_t> tokens;
    std::vector<double> log_probs;
    bool is_ok() const { return result.status == corrsynth::StepStatus::kOk; }
};

constexpr int32_t kUntouched = -77;  // what tokens and log_probs hold before a step

inline StepOutcome run_step(const StepCase & c, corrsynth::LogitsView view, corrsynth::StepScratch & scratch) {
    StepOutcome out{{}, std::vector<int32_t>(c.n_rows, kUntouched), std::vector<double>(c.n_rows, kUntouched)};
    corrsynth::ContrastWeights weights;
    corrsynth::contrast_weights(c.matrix.data(), c.gamma, c.n_rows, c.active.data(), weights);
    out.result = corrsynth::sample_step(c.params, c.mask, {view, &weights, c.active.data(), c.group, c.step}, scratch,
                                        out.tokens.data(), out.log_probs.data());
    return out;
}

inline StepOutcome run_step(const StepCase & c) {
    corrsynth::StepScratch scratch(c.n_rows, c.n_vocab);
    return run_step(c, c.view(), scratch);
}

inline std::vector<int32_t> reference_tokens(const StepCase & c) {
    std::vector<int32_t> tokens(c.n_rows, kUntouched);
    corrsynth::ContrastWeights weights;
    corrsynth::contrast_weights(c.matrix.data(), c.gamma, c.n_rows, c.active.data(), weights);
    corrsynth::reference_step(c.params, c.mask, {c.view(), &weights, c.active.data(), c.group, c.step}, tokens.data());
    return tokens;
}

}  // namespace corrsynth_test
