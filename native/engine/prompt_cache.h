// Fills slots with prompts, decoding what several of them have in common only once.
#pragma once
#include <cstdint>
#include <vector>

#include "engine/context.h"

namespace corrsynth {

// Rows share the beginnings of their prompts: the instruction, all of it in zero-shot, and in CFG the partner's prompt.
// Where another slot of the cache holds the same beginning, its cells are copied instead of decoded again. The prompts
// of the latest group can be kept in slots of their own (stored slots), so that later groups find them too.
class PromptCache {
  public:
    // Stored slots are the context's slots from context.n_slots() on; there may be none.
    explicit PromptCache(Context & context) : context_(context), stored_(context.n_stored()) {}

    // Puts prompts[m], all but its last token, into the empty slot slots[m] for every m.
    // Returns how many tokens were decoded.
    uint64_t fill(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots);

  private:
    // A slot whose first cells are those of these tokens.
    struct Source {
        int slot;
        int n_common;
    };
    Source longest_match(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots,
                         int row) const;
    void store(const std::vector<std::vector<int32_t>> & prompts, const std::vector<int> & slots);

    Context & context_;
    std::vector<std::vector<int32_t>> stored_;  // [n_stored] what each stored slot holds; empty: nothing
};

}  // namespace corrsynth
