// One token per row, in two ways with one outcome: from a list of the plausible tokens, or from scores of the whole
// vocabulary (alpha 0, or more plausible tokens than the list holds).
#pragma once
#include "backends/cuda/contrast.cuh"
#include "backends/cuda/ending.cuh"
#include "backends/cuda/nucleus.cuh"
#include "backends/cuda/plausible_list.cuh"
#include "sampling/rng.h"

namespace corrsynth {
namespace cuda {

constexpr int kScoreThreads = 256;

// Index of the drawn candidate of row m, or -1.
__device__ inline int draw_candidate(const Step & s, int m, const Candidates & candidates) {
    const Row & row = s.rows[m];
    const uint64_t uniform = uniform_bits(s.seed, row.group, static_cast<uint32_t>(m - row.first_row), row.step);
    return draw_by_mass(candidates, nucleus_key(candidates, s.top_p, s.top_k), uniform);
}

// token is -1 where a partner's logits were no numbers: that row's own code is the one that the host reports.
__device__ inline void write_token(const Step & s, int m, int32_t token) {
    if (threadIdx.x != 0) return;
    s.tokens[m] = token;
    if (token >= 0 && s.drawn_logits) s.drawn_logits[m] = s.logits_of(s.rows[m])[token];
}

// Whether row m is to be drawn for; writes what it gives back where it is not.
__device__ inline bool begin_draw(const Step & s, int m) {
    const Row & row = s.rows[m];
    const int32_t code = row_code(row);
    if ((row.flags & kDraws) && code == kNotDrawn) return true;
    write_token(s, m, code);
    return false;
}

// Whether row m ends by itself; writes the token that it ends by.
__device__ inline bool ends_row(const Step & s, int m, const PlausibleSet & plausible) {
    const int32_t token = s.keeps_ends ? draw_ending(s, m, plausible) : -1;
    if (token >= 0) write_token(s, m, token);
    return token >= 0;
}

// Of plausible tokens: not those that end a row, where that is drawn by itself.
__device__ inline bool may_be_drawn(const Step & s, int32_t w) { return !s.keeps_ends || !s.is_end(w); }

// grid (n_rows), kDrawThreads threads
__global__ void __launch_bounds__(kDrawThreads, 2) draw_from_list(Step s) {
    const int m = static_cast<int>(blockIdx.x);
    if (!begin_draw(s, m)) return;
    int32_t * list = s.list_tokens + static_cast<size_t>(m) * kListRoom;
    double * scores = s.list_scores + static_cast<size_t>(m) * kListRoom;
    const float threshold = plausibility_threshold(float_of_key(s.rows[m].best_key), s.log_alpha);
    const int n = list_plausible(s, m, threshold, list);
    if (n > kListRoom) {
        write_token(s, m, kListOverflow);
        return;
    }
    if (ends_row(s, m, {list, n, threshold})) return;
    uint64_t best = 0;
    for (int from = 0; from < n; from += kDrawThreads) {
        const int i = from + static_cast<int>(threadIdx.x);
        const bool is_candidate = i < n && may_be_drawn(s, list[i]);
        const double score = contrast_score(s, m, is_candidate ? list[i] : -1);
        if (i < n) scores[i] = is_candidate ? score : -INFINITY;
        if (is_candidate) best = max(best, order_key(score));
    }
    best = block_reduce(best, Max());  // also the barrier between writing and reading the scores
    const int chosen = draw_candidate(s, m, {scores, n, double_of_key(best), s.temperature});
    write_token(s, m, chosen < 0 ? kNotDrawn : list[chosen]);
}

// grid (n_rows, n_vocab / kScoreThreads rounded up): blocks that run together read the same tokens of different rows
__global__ void __launch_bounds__(kScoreThreads) score_vocabulary(Step s) {
    const int m = static_cast<int>(blockIdx.x);
    Row & row = s.rows[m];
    if (!(row.flags & kDraws) || row_code(row) != kNotDrawn) return;
    const int w = static_cast<int>(blockIdx.y) * kScoreThreads + static_cast<int>(threadIdx.x);
    const float threshold = plausibility_threshold(float_of_key(row.best_key), s.log_alpha);
    const bool is_candidate =
        w < s.n_vocab && s.logits_of(row)[w] >= threshold && !s.is_banned(w) && may_be_drawn(s, w);
    const double score = contrast_score(s, m, is_candidate ? w : -1);
    if (w < s.n_vocab) s.scores[static_cast<size_t>(m) * s.n_vocab + w] = is_candidate ? score : -INFINITY;
    const uint64_t best = block_reduce(is_candidate ? order_key(score) : uint64_t{0}, Max());
    if (threadIdx.x == 0 && best) {
        atomicMax(reinterpret_cast<unsigned long long *>(&row.best_score_key), static_cast<unsigned long long>(best));
    }
}

// grid (n_rows), kDrawThreads threads
__global__ void __launch_bounds__(kDrawThreads, 2) draw_from_scores(Step s) {
    const int m = static_cast<int>(blockIdx.x);
    if (!begin_draw(s, m)) return;
    const float threshold = plausibility_threshold(float_of_key(s.rows[m].best_key), s.log_alpha);
    if (ends_row(s, m, {nullptr, s.n_vocab, threshold})) return;
    const double best = double_of_key(s.rows[m].best_score_key);
    const double * scores = s.scores + static_cast<size_t>(m) * s.n_vocab;
    write_token(s, m, draw_candidate(s, m, {scores, s.n_vocab, best, s.temperature}));
}

}  // namespace cuda
}  // namespace corrsynth
