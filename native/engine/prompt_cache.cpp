#include "engine/prompt_cache.h"

#include <algorithm>

namespace corrsynth {
namespace {

constexpr int kWorthCopying = 8;  // tokens: copying a slot costs about as much as decoding a few

// The last token of a prompt is never in the cache: the row's first step decodes it.
int n_cells(const std::vector<int32_t> & prompt) { return static_cast<int>(prompt.size()) - 1; }

int common_cells(const std::vector<int32_t> & a, const std::vector<int32_t> & b) {
    const int n = std::min(n_cells(a), n_cells(b));
    return n <= 0 ? 0 : static_cast<int>(std::mismatch(a.begin(), a.begin() + n, b.begin()).first - a.begin());
}

}  // namespace

PromptCache::Source PromptCache::best_source() const {
    const std::vector<int32_t> & prompt = (*prompts_)[row_];
    for (size_t i = 0; i < stored_.size(); ++i) {
        if (common_cells(prompt, stored_[i]) == n_cells(prompt)) {
            return {context_.n_slots() + static_cast<int>(i), n_cells(prompt)};
        }
    }
    Source best{-1, 0};
    for (size_t m = 0; m < row_; ++m) {
        const int n = common_cells(prompt, (*prompts_)[m]);
        if (n > best.n_common) best = {(*slots_)[m], n};
    }
    return best;
}

void PromptCache::begin(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots) {
    prompts_ = &prompts;
    slots_ = &slots;
    row_ = 0;
    begin_row();
}

void PromptCache::begin_row() {
    while (row_ < prompts_->size() && (*prompts_)[row_].empty()) ++row_;
    if (is_done()) return;
    const Source source = best_source();
    const bool is_copied =
        source.n_common >= kWorthCopying && context_.copy(source.slot, (*slots_)[row_], source.n_common);
    n_filled_ = is_copied ? source.n_common : 0;
}

int PromptCache::advance(int n_tokens) {
    int n_left = n_tokens;
    for (;;) {
        const std::vector<int32_t> & prompt = (*prompts_)[row_];
        const int to = n_filled_ + std::min(n_left, n_cells(prompt) - n_filled_);
        context_.prefill((*slots_)[row_], prompt.data(), n_filled_, to);
        n_left -= to - n_filled_;
        n_filled_ = to;
        if (to < n_cells(prompt)) break;
        ++row_;
        begin_row();
        if (is_done()) {
            store();
            break;
        }
    }
    return n_tokens - n_left;
}

void PromptCache::store() {
    for (size_t m = 0; m < std::min(stored_.size(), prompts_->size()); ++m) {
        const std::vector<int32_t> & prompt = (*prompts_)[m];
        if (prompt.empty() || stored_[m] == prompt) continue;
        const bool is_stored = context_.copy((*slots_)[m], context_.n_slots() + static_cast<int>(m), n_cells(prompt));
        stored_[m] = is_stored ? prompt : std::vector<int32_t>();
    }
}

}  // namespace corrsynth
