#include "sampling/token_mask.h"

namespace corrsynth {

TokenMask::TokenMask(int n_vocab, const std::vector<int32_t> & banned, const std::vector<int32_t> & end)
    : flags_(n_vocab, 0), dirty_blocks_(n_blocks(n_vocab), 0) {
    for (const int32_t token : banned) {
        flags_[token] |= kBanned;
        dirty_blocks_[token / kBlock] = 1;
    }
    for (const int32_t token : end) flags_[token] |= kEnd;
}

void TokenMask::reset(int n_vocab) {
    flags_.assign(n_vocab, 0);
    dirty_blocks_.assign(n_blocks(n_vocab), 0);
}

}  // namespace corrsynth
