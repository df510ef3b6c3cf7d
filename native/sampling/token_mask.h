// What a vocabulary says of its tokens that sampling must know: which may never be drawn, which end a text.
#pragma once
#include <cstdint>
#include <vector>

namespace corrsynth {

// The vocabulary is scanned in blocks of this many tokens; a block whose best logit is implausible is looked at once.
constexpr int kBlock = 256;

inline int n_blocks(int n_vocab) { return (n_vocab + kBlock - 1) / kBlock; }

class TokenMask {
  public:
    TokenMask() = default;
    // banned: control tokens that do not end a generation. end: end-of-generation tokens of every kind.
    TokenMask(int n_vocab, const std::vector<int32_t> & banned, const std::vector<int32_t> & end);

    // Nothing is banned and nothing ends, of another vocabulary. Keeps its memory.
    void reset(int n_vocab);
    void add_end(int token) { flags_[token] |= kEnd; }

    bool is_banned(int token) const { return !flags_.empty() && (flags_[token] & kBanned) != 0; }
    bool is_end(int token) const { return !flags_.empty() && (flags_[token] & kEnd) != 0; }
    // No token of the block is banned: it can be scanned without looking at each.
    bool is_clean(int block) const { return dirty_blocks_.empty() || dirty_blocks_[block] == 0; }

  private:
    static constexpr uint8_t kBanned = 1, kEnd = 2;
    std::vector<uint8_t> flags_;         // [n_vocab], empty: nothing banned, nothing ends
    std::vector<uint8_t> dirty_blocks_;  // [n_blocks]
};

}  // namespace corrsynth
