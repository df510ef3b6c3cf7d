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
    int n_drawn = 0;              // rows from this one on lie in the second matrix, and nothing is drawn for them
    corrsynth::StepParams params;
    corrsynth::TokenMask mask = {};
    uint64_t group = 0;
    uint32_t step = 0;

    StepCase(int rows, int vocab, std::vector<float> values = {})
        : n_rows(rows),
          n_vocab(vocab),
          logits(std::move(values)),
          matrix(static_cast<size_t>(rows) * rows, 0.0),
          active(rows, 1),
          n_drawn(rows) {}

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
    std::vector<uint8_t> draws() const {
        std::vector<uint8_t> out = active;
        std::fill(out.begin() + n_drawn, out.end(), 0);
        return out;
    }
};

// Rows 0..n_drawn-1 in one matrix, the others in another, both shuffled and with room between the rows. A row that has
// ended holds NaN: nobody may look at it.
class TwoMatrices {
  public:
    TwoMatrices(const StepCase & c, Random & random)
        : n_vocab_(c.n_vocab), n_rows_(c.n_rows), index_(c.n_rows), source_(c.n_rows) {
        stride_[0] = c.n_vocab + random.below(4), stride_[1] = c.n_vocab + random.below(4);
        const int n_second = c.n_rows - c.n_drawn;
        const std::vector<int> first = shuffled(random, c.n_drawn), second = shuffled(random, n_second);
        data_[0].assign(stride_[0] * c.n_drawn, kNan), data_[1].assign(stride_[1] * n_second, kNan);
        for (int m = 0; m < c.n_rows; ++m) {
            const int s = m >= c.n_drawn;
            source_[m] = static_cast<uint8_t>(s);
            index_[m] = s ? second[m - c.n_drawn] : first[m];
            if (!c.active[m]) continue;
            std::copy_n(c.logits.begin() + static_cast<size_t>(m) * n_vocab_, n_vocab_,
                        data_[s].begin() + index_[m] * stride_[s]);
        }
    }
    corrsynth::LogitsView view() const {
        return {data_[0].data(), stride_[0],      n_rows_,    n_vocab_,
                index_.data(),   data_[1].data(), stride_[1], source_.data()};
    }

  private:
    int n_vocab_, n_rows_;
    size_t stride_[2];
    std::vector<float> data_[2];
    std::vector<int> index_;
    std::vector<uint8_t> source_;
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
    const std::vector<uint8_t> draws = c.draws();
    out.result = corrsynth::sample_step(c.params, c.mask, {view, &weights, draws.data(), c.group, c.step}, scratch,
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
    const std::vector<uint8_t> draws = c.draws();
    corrsynth::reference_step(c.params, c.mask, {c.view(), &weights, draws.data(), c.group, c.step}, tokens.data());
    return tokens;
}

}  // namespace corrsynth_test
