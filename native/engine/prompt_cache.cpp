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
    const std::vector<int32_t> & prompt = prompt_at(at_);
    for (size_t i = 0; i < stored_.size(); ++i) {
        if (common_cells(prompt, stored_[i]) == n_cells(prompt)) {
            return {context_.n_slots() + static_cast<int>(i), n_cells(prompt)};
        }
    }
    Source best{-1, 0};
    for (size_t before = 0; before < at_; ++before) {
        const int n = common_cells(prompt, prompt_at(before));
        if (n > best.n_common) best = {slot_at(before), n};
    }
    return best;
}

void PromptCache::begin(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots,
                        const std::vector<int> & rows) {
    prompts_ = &prompts;
    slots_ = &slots;
    rows_ = &rows;
    at_ = 0;
    begin_row();
}

void PromptCache::begin_row() {
    while (at_ < rows_->size() && prompt_at(at_).empty()) ++at_;
    if (is_done()) return;
    const Source source = best_source();
    const bool is_copied =
        source.n_common >= kWorthCopying && context_.copy(source.slot, slot_at(at_), source.n_common);
    n_filled_ = is_copied ? source.n_common : 0;
}

int PromptCache::advance(int n_tokens) {
    int n_left = n_tokens;
    for (;;) {
        const std::vector<int32_t> & prompt = prompt_at(at_);
        const int to = n_filled_ + std::min(n_left, n_cells(prompt) - n_filled_);
        context_.prefill(slot_at(at_), prompt.data(), n_filled_, to);
        n_left -= to - n_filled_;
        n_filled_ = to;
        if (to < n_cells(prompt)) break;
        ++at_;
        begin_row();
        if (is_done()) {
            store();
            break;
        }
    }
    return n_tokens - n_left;
}

void PromptCache::store() {
    for (size_t i = 0; i < std::min(stored_.size(), rows_->size()); ++i) {
        const std::vector<int32_t> & prompt = prompt_at(i);
        if (prompt.empty() || stored_[i] == prompt) continue;
        const bool is_stored = context_.copy(slot_at(i), context_.n_slots() + static_cast<int>(i), n_cells(prompt));
        stored_[i] = is_stored ? prompt : std::vector<int32_t>();
    }
}

}  // namespace corrsynth
