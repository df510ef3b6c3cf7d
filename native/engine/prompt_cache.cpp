#include "engine/prompt_cache.h"

#include <algorithm>

namespace corrsynth {
namespace {

constexpr int kWorthCopying = 8;  // tokens: copying a slot costs about as much as decoding a few

int common_prefix(const std::vector<int32_t> & a, const std::vector<int32_t> & b) {
    const size_t n = std::min(a.size(), b.size());
    return static_cast<int>(std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(n), b.begin()).first -
                            a.begin());
}

}  // namespace

PromptCache::Source PromptCache::longest_match(const std::vector<std::vector<int32_t>> & prompts,
                                               const std::vector<int> & slots, int row) const {
    Source best{-1, 0};
    const auto consider = [&](int slot, const std::vector<int32_t> & held) {
        // the last token of a prompt is never in the cache: the row's first step decodes it
        const int n = std::min({common_prefix(prompts[row], held), static_cast<int>(prompts[row].size()) - 1,
                                static_cast<int>(held.size()) - 1});
        if (n > best.n_common) best = {slot, n};
    };
    for (size_t i = 0; i < stored_.size(); ++i) consider(context_.n_slots() + static_cast<int>(i), stored_[i]);
    for (int m = 0; m < row; ++m) consider(slots[m], prompts[m]);
    return best;
}

uint64_t PromptCache::fill(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots) {
    uint64_t n_decoded = 0;
    for (int m = 0; m < static_cast<int>(prompts.size()); ++m) {
        const int n = static_cast<int>(prompts[m].size()) - 1;
        const Source source = longest_match(prompts, slots, m);
        const bool is_copied =
            source.n_common >= kWorthCopying && context_.copy(source.slot, slots[m], source.n_common);
        const int from = is_copied ? source.n_common : 0;
        context_.prefill(slots[m], prompts[m].data(), from, n);
        n_decoded += n - from;
    }
    store(prompts, slots);
    return n_decoded;
}

void PromptCache::store(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots) {
    for (size_t m = 0; m < std::min(stored_.size(), prompts.size()); ++m) {
        if (stored_[m] == prompts[m]) continue;
        const int n = static_cast<int>(prompts[m].size()) - 1;
        const bool is_stored = context_.copy(slots[m], context_.n_slots() + static_cast<int>(m), n);
        stored_[m] = is_stored ? prompts[m] : std::vector<int32_t>();
    }
}

}  // namespace corrsynth
