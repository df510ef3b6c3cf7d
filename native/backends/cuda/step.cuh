// What the kernels of one step share, as plain data that is passed by value: rows, weights and where everything lies.
#pragma once
#include <cstdint>

#include "backends/cuda/order_key.cuh"
#include "sampling/token_mask.h"

namespace corrsynth {
namespace cuda {

constexpr uint8_t kBannedToken = 1, kEndToken = 2;  // CORRSYNTH_CUDA_BANNED, CORRSYNTH_CUDA_END
constexpr int kListRoom =
    8192;  // plausible tokens of a row that are kept as a list; more: the whole vocabulary is scored

enum RowFlags : uint32_t { kDraws = 1, kNeeded = 2 };  // needed: drawn for or contrasted with

// What a row gives back in place of a token.
enum RowCode : int32_t { kNotDrawn = -1, kRowNotANumber = -2, kRowNothingPlausible = -3, kListOverflow = -4 };

// Rows of all groups, one group after the other. The keys are uploaded as 0 and raised by the kernels.
struct Row {
    uint64_t group;
    double own;               // exponent on the row's own distribution
    uint64_t best_score_key;  // of the contrasted scores; only where the whole vocabulary is scored
    uint32_t step;
    uint32_t best_key;  // of the logits that count
    uint32_t top_key;   // of all logits, banned ones included
    int32_t index;      // row of the logits matrix
    int32_t first_row;  // row 0 of this row's group
    uint32_t flags;     // RowFlags
};

struct WeightedRow {
    int32_t row;  // among the rows of all groups
    double weight;
};

struct Step {
    const float * logits;
    size_t stride;
    int n_rows, n_vocab, n_blocks;
    const uint8_t * token_flags;   // [n_vocab]
    const uint8_t * block_banned;  // [n_blocks] 1: a token of the block is banned
    Row * rows;                    // [n_rows]
    const int32_t * first;         // [n_rows + 1]
    const WeightedRow * partners;
    double log_alpha, temperature, top_p;
    int top_k;
    bool keeps_ends;
    uint64_t seed;

    uint32_t * block_best;  // [n_rows, n_blocks] key of each block's best logit that counts
    int32_t * list_tokens;  // [n_rows, kListRoom]
    double * list_scores;   // [n_rows, kListRoom]
    double * scores;        // [n_rows, n_vocab], -inf where nothing is drawn; null until a step needs it

    int32_t * tokens;      // [n_rows] out: token or RowCode
    double * exp_sums;     // [n_rows] out: sum of exp(l - top), with log-probabilities
    float * tops;          // [n_rows] out: top, the largest logit of all
    float * drawn_logits;  // [n_rows] out: logit of the drawn token

    __device__ const float * logits_of(const Row & row) const {
        return logits + static_cast<size_t>(row.index) * stride;
    }
    __device__ bool is_banned(int token) const { return (token_flags[token] & kBannedToken) != 0; }
    __device__ bool is_end(int token) const { return (token_flags[token] & kEndToken) != 0; }
};

// kNotDrawn for a row that can be drawn from.
__device__ inline int32_t row_code(const Row & row) {
    if (!(row.flags & kNeeded)) return kNotDrawn;
    if (row.best_key > order_key(FLT_MAX)) return kRowNotANumber;
    return row.best_key < order_key(-FLT_MAX) ? kRowNothingPlausible : kNotDrawn;
}

// plausibility_threshold of plausibility.h, in the same arithmetic.
__device__ inline float plausibility_threshold(float best, double log_alpha) {
    const double exact = static_cast<double>(best) + log_alpha;
    if (exact <= -FLT_MAX) return -FLT_MAX;
    const float threshold = static_cast<float>(exact);
    if (static_cast<double>(threshold) >= exact) return threshold;
    return float_of_key(order_key(threshold) + 1);  // the next float above
}

}  // namespace cuda
}  // namespace corrsynth
