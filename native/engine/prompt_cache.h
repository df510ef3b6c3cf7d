// Fills slots with prompts, some at a time, decoding what several of them have in common only once.
#pragma once
#include <cstdint>
#include <vector>

#include "engine/context.h"

namespace corrsynth {

// Rows share the beginnings of their prompts: the instruction, all of it in zero-shot, and in CFG the partner's prompt.
// Where another row of the group has the same beginning, its cells are copied instead of decoded again. The prompts of
// the latest group can be kept in slots of their own (stored slots), so that later groups find them too, whole ones
// only: what a group's cells hold then depends on its own prompts and not on which group came before. A prompt with
// cuts (GroupRequest) is decoded piece by piece, and finds all whole pieces that another one with the same cuts began
// with: so does what its cells hold.
class PromptCache {
  public:
    // Stored slots are the context's slots from context.n_slots() on; there may be none.
    explicit PromptCache(Context & context) : context_(context), stored_(context.n_stored()) {}

    // prompts[m], all but its last token, is to come into the empty slot slots[m] for every m of rows that has a
    // prompt. All of these must stay as they are until is_done(). cuts: as of a GroupRequest.
    void begin(const std::vector<std::vector<int32_t>> & prompts, const std::vector<std::vector<int32_t>> & cuts,
               const std::vector<int> & slots, const std::vector<int> & rows);

    // Decodes at most n_tokens >= 1 of them and returns how many it were; not when it is done. Of prompts with cuts,
    // whose pieces do not depend on n_tokens, it may be up to one batch more.
    int advance(int n_tokens);

    bool is_done() const { return !rows_ || at_ == rows_->size(); }

  private:
    struct Prompt {
        std::vector<int32_t> tokens;  // none: nothing
        std::vector<int32_t> cuts;
    };
    // A slot whose first cells are those of these tokens.
    struct Source {
        int slot;
        int n_common;
    };
    const std::vector<int32_t> & prompt_at(size_t at) const { return (*prompts_)[(*rows_)[at]]; }
    const std::vector<int32_t> & cuts_at(size_t at) const;
    int slot_at(size_t at) const { return (*slots_)[(*rows_)[at]]; }
    Source best_source() const;
    int common_at(size_t at, const std::vector<int32_t> & prompt, const std::vector<int32_t> & cuts) const;
    void begin_row();  // of the first row from at_ on that has a prompt
    int end_of_piece(int n_left) const;
    void store();

    Context & context_;
    std::vector<Prompt> stored_;  // [n_stored] what each stored slot holds
    const std::vector<std::vector<int32_t>> * prompts_ = nullptr;
    const std::vector<std::vector<int32_t>> * cuts_ = nullptr;
    const std::vector<int> * slots_ = nullptr;
    const std::vector<int> * rows_ = nullptr;
    size_t at_ = 0;     // which of the rows is being filled
    int n_filled_ = 0;  // tokens that its slot holds
};

}  // namespace corrsynth
