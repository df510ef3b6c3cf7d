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

// Cells of the pieces that both begin with.
int common_pieces(const std::vector<int32_t> & a, const std::vector<int32_t> & a_cuts, const std::vector<int32_t> & b,
                  const std::vector<int32_t> & b_cuts) {
    const int n = common_cells(a, b);
    if (a_cuts == b_cuts && n == n_cells(a) && n == n_cells(b)) return n;
    int out = 0;
    for (size_t i = 0; i < std::min(a_cuts.size(), b_cuts.size()) && a_cuts[i] == b_cuts[i] && a_cuts[i] <= n; ++i)
        out = a_cuts[i];
    return out;
}

const std::vector<int32_t> kNoCuts;

}  // namespace

const std::vector<int32_t> & PromptCache::cuts_at(size_t at) const {
    return cuts_->empty() ? kNoCuts : (*cuts_)[(*rows_)[at]];
}

int PromptCache::common_at(size_t at, const std::vector<int32_t> & prompt, const std::vector<int32_t> & cuts) const {
    if (cuts_at(at).empty() && cuts.empty()) return common_cells(prompt_at(at), prompt);
    return common_pieces(prompt_at(at), cuts_at(at), prompt, cuts);
}

PromptCache::Source PromptCache::best_source() const {
    Source best{-1, 0};
    for (size_t i = 0; i < stored_.size(); ++i) {
        const int n = common_at(at_, stored_[i].tokens, stored_[i].cuts);
        const bool is_whole = n == n_cells(prompt_at(at_));
        if ((is_whole || !cuts_at(at_).empty()) && n > best.n_common)
            best = {context_.n_slots() + static_cast<int>(i), n};
        if (is_whole) return best;
    }
    for (size_t before = 0; before < at_; ++before) {
        const int n = common_at(at_, prompt_at(before), cuts_at(before));
        if (n > best.n_common) best = {slot_at(before), n};
    }
    return best;
}

void PromptCache::begin(const std::vector<std::vector<int32_t>> & prompts,
                        const std::vector<std::vector<int32_t>> & cuts, const std::vector<int> & slots,
                        const std::vector<int> & rows) {
    prompts_ = &prompts;
    cuts_ = &cuts;
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

// Of a prompt with cuts whole batches of a piece: which tokens share a graph decides the last bits of their cells.
int PromptCache::end_of_piece(int n_left) const {
    const int n = n_cells(prompt_at(at_));
    const std::vector<int32_t> & cuts = cuts_at(at_);
    if (cuts.empty()) return n_filled_ + std::min(n_left, n - n_filled_);
    if (n_left <= 0) return n_filled_;
    const auto next = std::upper_bound(cuts.begin(), cuts.end(), n_filled_);
    const int end = next == cuts.end() ? n : std::min<int>(*next, n);
    return n_filled_ + std::min(context_.n_batch(), end - n_filled_);
}

int PromptCache::advance(int n_tokens) {
    int n_left = n_tokens;
    for (;;) {
        const std::vector<int32_t> & prompt = prompt_at(at_);
        const int to = end_of_piece(n_left);
        context_.prefill(slot_at(at_), prompt.data(), n_filled_, to);
        n_left -= to - n_filled_;
        n_filled_ = to;
        if (to < n_cells(prompt)) {
            if (n_left > 0) continue;
            break;
        }
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
        if (prompt.empty() || (stored_[i].tokens == prompt && stored_[i].cuts == cuts_at(i))) continue;
        const bool is_stored = context_.copy(slot_at(i), context_.n_slots() + static_cast<int>(i), n_cells(prompt));
        stored_[i] = is_stored ? Prompt{prompt, cuts_at(i)} : Prompt{};
    }
}

}  // namespace corrsynth
