// A text after a prompt.
#pragma once
#include <cstdint>
#include <vector>

namespace corrsynth {

struct ScoreRequest {
    std::vector<int32_t> tokens;  // of the prompt and, after them, of the text
    int n_prompt = 1;             // of the prompt, 1..tokens.size()
};

// Tokens that can be decoded before any text: the prompt's last one is asked for the text's first.
inline int n_before(const ScoreRequest & request) { return request.n_prompt - 1; }

}  // namespace corrsynth
