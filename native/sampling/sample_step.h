// The order of one step, written once: plausible set, ending, contrast, temperature, nucleus, draw.
#pragma once
#include <cstdint>
#include <vector>

#include "sampling/contrast.h"
#include "sampling/coupling.h"
#include "sampling/logits_view.h"
#include "sampling/nucleus.h"
#include "sampling/token_mask.h"

namespace corrsynth {

struct StepParams {
    double alpha = 1e-3;      // plausibility threshold, [0, 1]; 0 keeps the whole vocabulary
    double temperature = 1;   // > 0
    double top_p = 0.9;       // (0, 1]
    int top_k = 0;            // 0: off
    bool keeps_ends = false;  // a row ends as its own distribution has it; false: end tokens are contrasted as others
    uint64_t seed = 0;
};

struct StepInput {
    // [n_rows, n_vocab], every row of the group; rows that are drawn for lie in the first matrix
    LogitsView logits;
    const ContrastWeights * weights = nullptr;  // of the rows that are active now
    const uint8_t * draws = nullptr;            // [n_rows] 1: a token is drawn for the row
    uint64_t group = 0;
    uint32_t step = 0;
    // Rows of the second matrix lie in any of n_layers layers of layer_rows rows each; row_index says where in the
    // first. Of each partner that one is read which most_divergent_layer finds.
    int n_layers = 1;
    int layer_rows = 0;
};

enum class StepStatus { kOk, kNotANumber, kNothingPlausible };

struct StepResult {
    StepStatus status = StepStatus::kOk;
    int row = -1;  // the offending row when status is not kOk
};

// Working memory of a step: made once for the largest step, so that a step allocates nothing.
struct StepScratch {
    std::vector<int> row_index;         // [max_rows] with the layer that was chosen
    std::vector<uint8_t> needed;        // [max_rows] rows that are drawn for or contrasted with
    std::vector<float> best;            // [max_rows]
    std::vector<double> log_partition;  // [max_rows]
    std::vector<float> block_max;       // [max_rows, n_blocks]
    std::vector<int32_t> tokens;        // [n_vocab] plausible tokens of the row at hand
    std::vector<double> scores;         // [n_vocab]
    NucleusScratch nucleus;
    StepScratch(int max_rows, int n_vocab);
};

// Marks the rows that a step reads, those drawn for and their partners: needed is [n_rows].
void mark_needed(const StepInput & input, uint8_t * needed);

// Draws one token for every row with draws[m] != 0; the others get -1.
//
//   tokens     [n_rows]          out
//   log_probs  [n_rows] or null  out: ln of the drawn token's probability under the row's own distribution; costs a
//                                pass of exp over the vocabulary
//
// The draw is keyed by (seed, group, row, step) alone. On an error nothing is drawn for the rows from result.row on.
StepResult sample_step(const StepParams & params, const TokenMask & mask, const StepInput & input,
                       StepScratch & scratch, int32_t * tokens, double * log_probs);

}  // namespace corrsynth
