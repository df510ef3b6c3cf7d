#include "sampling/layer_choice.h"

#include <algorithm>
#include <cmath>

#include "sampling/fast_exp.h"
#include "sampling/log_sum_exp.h"

namespace corrsynth {
namespace {

constexpr int kTile = 512;  // tokens worked on at a time: the last layer's are exponentiated once for all others
constexpr int kLanes = 64;

// ln(1 + e) for 0 <= e <= 1, off by less than 1e-7: the series of 2 artanh(s), s = e / (2 + e) <= 1/3.
CORRSYNTH_IN_LEVEL float log_one_plus(float e) {
    const float s = e / (2.0f + e);
    const float square = s * s;
    float p = 1.0f / 13.0f;
    p = p * square + 1.0f / 11.0f;
    p = p * square + 1.0f / 9.0f;
    p = p * square + 1.0f / 7.0f;
    p = p * square + 1.0f / 5.0f;
    p = p * square + 1.0f / 3.0f;
    p = p * square + 1.0f;
    return 2.0f * s * p;
}

// ln of n probabilities, and the probabilities.
CORRSYNTH_IN_LEVEL void probabilities(const float * logits, float partition, int n, float * log_p, float * p) {
    for (int i = 0; i < n; ++i) {
        const float x = logits[i] - partition;
        log_p[i] = x < kLeastExponent ? kLeastExponent : x;
    }
    for (int i = 0; i < n; ++i) p[i] = fast_exp(log_p[i]);
}

// What n tokens take from 2 ln 2, which is twice the divergence of distributions that have nothing in common:
//     p ln(1 + q/p) + q ln(1 + p/q)  =  (p + q) ln(1 + e) + min(p, q) |ln q - ln p|   with  e = min(p, q) / max(p, q)
// Each loop is simple enough for the compiler to put it into vector registers.
CORRSYNTH_IN_LEVEL void add_overlaps(const float * log_p, const float * p, const float * log_q, const float * q, int n,
                                     double * sum) {
    float terms[kTile];
    for (int i = 0; i < n; ++i) {
        const float smaller = p[i] < q[i] ? p[i] : q[i], larger = p[i] < q[i] ? q[i] : p[i];
        terms[i] = (p[i] + q[i]) * log_one_plus(smaller / larger) + smaller * std::fabs(log_q[i] - log_p[i]);
    }
    for (int i = n; i < kTile; ++i) terms[i] = 0;
    for (int i = 0; i < kTile; i += kLanes) {
        for (int j = 0; j < kLanes; ++j) sum[j] += static_cast<double>(terms[i + j]);
    }
}

}  // namespace

CORRSYNTH_FOR_CPU_LEVELS
int most_divergent_layer(const float * last, const float * early, size_t stride, int n_layers, int n_vocab) {
    if (n_layers == 1) return 0;
    const auto partition = static_cast<float>(log_sum_exp(last, n_vocab));
    float partitions[kMaxLayers];
    double overlaps[kMaxLayers][kLanes] = {};
    for (int j = 0; j < n_layers; ++j) partitions[j] = static_cast<float>(log_sum_exp(early + j * stride, n_vocab));
    float log_p[kTile], p[kTile], log_q[kTile], q[kTile];
    for (int first = 0; first < n_vocab; first += kTile) {
        const int n = std::min(kTile, n_vocab - first);
        probabilities(last + first, partition, n, log_p, p);
        for (int j = 0; j < n_layers; ++j) {
            probabilities(early + j * stride + first, partitions[j], n, log_q, q);
            add_overlaps(log_p, p, log_q, q, n, overlaps[j]);
        }
    }
    int choice = 0;
    double least = INFINITY;  // overlap, which falls as the divergence rises
    for (int j = 0; j < n_layers; ++j) {
        double sum = 0;
        for (const double lane : overlaps[j]) sum += lane;
        if (sum < least) least = sum, choice = j;
    }
    return choice;
}

}  // namespace corrsynth
