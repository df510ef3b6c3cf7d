// What a model thinks of texts: the log-probability of each, after its prompt.
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

#include "engine/model.h"

namespace corrsynth {

struct ScoreRequest {
    std::vector<int32_t> tokens;  // of the prompt and, after them, of the text
    int n_prompt = 1;             // of the prompt, 1..tokens.size()
};

struct ScoreOptions {
    int n_threads = 1;  // 1..kMaxThreads
};

// Returns for each request the sum over its text's tokens of ln P(token | all before it), in float64; 0 for an empty
// text. What several requests begin with is decoded once. Only the sums leave: logits are read where llama.cpp puts
// them. Throws EngineError kOutOfMemory, kDecode, kNotANumber, kCancelled.
std::vector<double> score(const Model & model, const std::vector<ScoreRequest> & requests, const ScoreOptions & options,
                          const std::atomic<bool> & cancel);

}  // namespace corrsynth
