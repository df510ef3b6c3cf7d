// Fills slots with prompts, some at a time, decoding what several of them have in common only once.
#pragma once
#include <cstdint>
#include <vector>

#include "engine/context.h"

namespace corrsynth {

// Rows share the beginnings of their prompts: the instruction, all of it in zero-shot, and in CFG the partner's prompt.
// Where another row of the group has the same beginning, its cells are copied instead of decoded again. The prompts of
// the latest group can be kept in slots of their own (stored slots), so that later groups find them too, whole ones
// only: what a group's cells hold then depends on its own prompts and not on which group came before.
class PromptCache {
  public:
    // Stored slots are the context's slots from context.n_slots() on; there may be none.
    explicit PromptCache(Context & context) : context_(context), stored_(context.n_stored()) {}

    // prompts[m], all but its last token, is to come into the empty slot slots[m] for every m of rows that has a
    // prompt. All three must stay as they are until is_done().
    void begin(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots,
               const std::vector<int> & rows);

    // Decodes at most n_tokens >= 1 of them and returns how many it were; not when it is done.
    int advance(int n_tokens);

    bool is_done() const { return !rows_ || at_ == rows_->size(); }

  private:
    // A slot whose first cells are those of these tokens.
    struct Source {
        int slot;
        int n_common;
    };
    const std::vector<int32_t> & prompt_at(size_t at) const { return (*prompts_)[(*rows_)[at]]; }
    int slot_at(size_t at) const { return (*slots_)[(*rows_)[at]]; }
    Source best_source() const;
    void begin_row();  // of the first row from at_ on that has a prompt
    void store();

    Context & context_;
    std::vector<std::vector<int32_t>> stored_;  // [n_stored] what each stored slot holds; empty: nothing
    const std::vector<std::vector<int32_t>> * prompts_ = nullptr;
    const std::vector<int> * slots_ = nullptr;
    const std::vector<int> * rows_ = nullptr;
    size_t at_ = 0;     // which of the rows is being filled
    int n_filled_ = 0;  // tokens that its slot holds
};

}  // namespace corrsynth
