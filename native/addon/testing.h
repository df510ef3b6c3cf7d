// Doors for tests only: the sampling layer fed from JavaScript.
#pragma once
#include <napi.h>

namespace corrsynth {

// ({logits: Float32Array [rows * vocab], vocab, gamma, weights: Float64Array [rows * rows], active: Uint8Array [rows],
//   plausibility, topP, topK, temperature, seed: bigint, group: bigint, step}) -> Int32Array [rows], -1 for ended rows
Napi::Value sample_step_js(const Napi::CallbackInfo & info);

}  // namespace corrsynth
