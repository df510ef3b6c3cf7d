#include "sampling/sample_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sampling/ending.h"
#include "sampling/layer_choice.h"
#include "sampling/log_partition.h"
#include "sampling/plausibility.h"
#include "sampling/rng.h"
#include "sampling/step_parts.h"

namespace corrsynth {
void heat(double * scores, int n, double temperature) {
    if (temperature == 1) return;
    const double best = *std::max_element(scores, scores + n);
    for (int i = 0; i < n; ++i) scores[i] = (scores[i] - best) / temperature;
}

LogitsView with_layers(const StepInput & input, int * row_index) {
    LogitsView logits = input.logits;
    if (input.n_layers == 1) return logits;
    for (int m = 0; m < logits.n_rows; ++m) row_index[m] = logits.row_index ? logits.row_index[m] : m;
    const size_t stride = static_cast<size_t>(input.layer_rows) * logits.second_stride;
    for (int m = 0; m < logits.n_rows; ++m) {
        if (!input.draws[m]) continue;
        for (const Partner * p = input.weights->begin(m); p != input.weights->end(m); ++p) {
            if (!logits.is_second(p->row)) continue;
            const int layer =
                most_divergent_layer(logits.row(m), input.logits.row(p->row), stride, input.n_layers, logits.n_vocab);
            row_index[p->row] += layer * input.layer_rows;
        }
    }
    logits.row_index = row_index;
    return logits;
}

void mark_needed(const StepInput & input, uint8_t * needed) {
    const int n_rows = input.logits.n_rows;
    std::copy(input.draws, input.draws + n_rows, needed);
    for (int m = 0; m < n_rows; ++m) {
        if (!input.draws[m]) continue;
        for (const Partner * p = input.weights->begin(m); p != input.weights->end(m); ++p) needed[p->row] = 1;
    }
}

StepScratch::StepScratch(int max_rows, int n_vocab)
    : row_index(max_rows),
      needed(max_rows),
      best(max_rows),
      log_partition(max_rows),
      block_max(static_cast<size_t>(max_rows) * n_blocks(n_vocab)),
      tokens(n_vocab),
      scores(n_vocab),
      nucleus(n_vocab) {}

StepResult sample_step(const StepParams & params, const TokenMask & mask, const StepInput & input, StepScratch & s,
                       int32_t * tokens, double * log_probs) {
    const LogitsView logits = with_layers(input, s.row_index.data());
    const int n_vocab = logits.n_vocab;
    const auto block_max = [&](int m) { return s.block_max.data() + static_cast<size_t>(m) * n_blocks(n_vocab); };

    mark_needed(input, s.needed.data());
    for (int m = 0; m < logits.n_rows; ++m) {
        if (!s.needed[m]) continue;
        s.best[m] = scan_row(logits.row(m), n_vocab, mask, block_max(m));
        if (std::isnan(s.best[m]) || s.best[m] == std::numeric_limits<float>::infinity())
            return {StepStatus::kNotANumber, m};
        if (std::isinf(s.best[m])) return {StepStatus::kNothingPlausible, m};
        if (log_probs && input.draws[m]) s.log_partition[m] = log_partition(logits.row(m), n_vocab, s.best[m]);
    }

    const double log_alpha = params.alpha > 0 ? std::log(params.alpha) : -std::numeric_limits<double>::infinity();
    for (int m = 0; m < logits.n_rows; ++m) {
        tokens[m] = -1;
        if (!input.draws[m]) continue;
        const float threshold = plausibility_threshold(s.best[m], log_alpha);
        int n = plausible_tokens(logits.row(m), n_vocab, mask, block_max(m), threshold, s.tokens.data());
        if (params.keeps_ends) {
            const uint64_t uniform = ending_bits(params.seed, input.group, static_cast<uint32_t>(m), input.step);
            tokens[m] = draw_ending(logits.row(m), s.best[m], mask, uniform, s.tokens.data(), n);
        }
        if (tokens[m] < 0) {
            contrast_scores(logits, m, *input.weights, s.best.data(), s.tokens.data(), n, s.scores.data());
            heat(s.scores.data(), n, params.temperature);
            const uint64_t uniform = uniform_bits(params.seed, input.group, static_cast<uint32_t>(m), input.step);
            tokens[m] = s.tokens[draw_from_nucleus(s.scores.data(), n, params.top_p, params.top_k, uniform, s.nucleus)];
        }
        if (log_probs) log_probs[m] = static_cast<double>(logits.row(m)[tokens[m]]) - s.log_partition[m];
    }
    return {};
}

}  // namespace corrsynth
