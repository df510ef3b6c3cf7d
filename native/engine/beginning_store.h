// The keys and values of what prompts begin with, kept so that they are decoded once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

namespace corrsynth {

// Tokens before a tree of requests, and where their decoding was cut: with both equal, so are the keys and values, bit
// for bit.
struct Beginning {
    std::vector<int32_t> tokens;
    int shared = 0;  // decoded before the rest; 0: all at once

    bool operator==(const Beginning & other) const { return shared == other.shared && tokens == other.tokens; }
};

// States by their beginning, up to so many tokens together; the one that was not used for the longest goes first.
class BeginningStore {
  public:
    using State = std::vector<uint8_t>;  // as llama_state_seq_get_data has it
    explicit BeginningStore(size_t max_tokens) : max_tokens_(max_tokens) {}

    // Null where it has none; valid until the next put.
    const State * find(const Beginning & beginning);
    bool has_room_for(const Beginning & beginning) const { return beginning.tokens.size() <= max_tokens_; }
    // Of a beginning that it does not have, and has room for.
    void put(const Beginning & beginning, State state);

    size_t n_tokens() const { return n_tokens_; }

  private:
    struct Entry {
        Beginning beginning;
        State state;
    };
    const size_t max_tokens_;
    size_t n_tokens_ = 0;
    std::list<Entry> entries_;  // the latest used one first
};

}  // namespace corrsynth
