// A model's vocabulary: text to tokens and back, and what each token is for.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sampling/token_mask.h"

struct llama_vocab;

namespace corrsynth {

// A stretch of a prompt. In a special part the text of control tokens means those tokens, as in a chat template;
// elsewhere it is text like any other, so that nobody's data can end a turn or open one.
struct PromptPart {
    std::string text;
    bool special = false;
};

class Vocabulary {
  public:
    explicit Vocabulary(const llama_vocab * vocab);

    int size() const { return static_cast<int>(pieces_.size()); }
    // Bytes of one token; empty for control tokens. A character can be spread over several tokens.
    const std::string & piece(int32_t token) const { return pieces_[token]; }
    // Which tokens are never drawn (control tokens that do not end a generation) and which end one.
    const TokenMask & mask() const { return mask_; }
    bool is_end(int32_t token) const { return mask_.is_end(token); }
    // The same, where what begins with a stop string ends a text, too.
    TokenMask mask_ending_at(const std::vector<std::string> & stop) const;
    // The token that closes a text where the vocabulary wants one, [SEP] or an end token, else -1.
    int32_t closing() const;
    std::string bos_text() const;  // text of the token itself, for chat templates; may be empty
    std::string eos_text() const;

    // Tokens of a prompt, with the vocabulary's begin-of-sequence token in front where it wants one, and once only.
    std::vector<int32_t> tokenize(const std::vector<PromptPart> & parts) const;

    // Where another vocabulary differs from this one, the first such token and what each has in its place; empty where
    // both have the same tokens of the same kinds, but for padding at the end of one of them.
    std::string difference_from(const Vocabulary & other, const std::string & its_name) const;

  private:
    const llama_vocab * vocab_;
    std::vector<std::string> pieces_;
    TokenMask mask_;
};

}  // namespace corrsynth
