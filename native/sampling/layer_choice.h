// DoLa's choice of a layer (Chuang et al. 2023): the one whose distribution is farthest from the last layer's.
#pragma once
#include <cstddef>

namespace corrsynth {

constexpr int kMaxLayers = 64;  // that one can be chosen from

// Index of the early layer with the largest Jensen-Shannon divergence
//
//     JSD(p, q) = (KL(p | m) + KL(q | m)) / 2,  m = (p + q) / 2,  p = softmax(last),  q = softmax(early)
//
// over the whole vocabulary; the first one of equals. Exponentials are float32, their sums float64: divergences that
// differ by less than 1e-6 count as equal, as it were. Nothing is allocated.
//
//   last     [n_vocab]  logits of the last layer
//   early    [n_vocab]  logits of the first early layer; those of layer j are at early + j * stride
//   n_layers            1..kMaxLayers
//
// A layer with a NaN or +inf is never chosen, unless all have one: then it is the first.
int most_divergent_layer(const float * last, const float * early, size_t stride, int n_layers, int n_vocab);

}  // namespace corrsynth
