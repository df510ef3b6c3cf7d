#include "engine/vocabulary.h"

#include <stdexcept>

#include "engine/error.h"
#include "llama.h"

namespace corrsynth {
namespace {

std::string piece_of(const llama_vocab * vocab, llama_token token) {
    std::string piece(16, '\0');
    int n = llama_token_to_piece(vocab, token, piece.data(), static_cast<int>(piece.size()), 0, false);
    if (n < 0) {
        piece.resize(-n);
        n = llama_token_to_piece(vocab, token, piece.data(), static_cast<int>(piece.size()), 0, false);
    }
    piece.resize(n > 0 ? n : 0);
    return piece;
}

std::string text_of(const llama_vocab * vocab, llama_token token) {
    if (token == LLAMA_TOKEN_NULL) return "";
    const char * text = llama_vocab_get_text(vocab, token);
    return text ? text : "";
}

// As llama_tokenize, whose exception names the container that lacks an element and no more.
int tokenize_into(const llama_vocab * vocab, const PromptPart & part, int32_t * out, size_t room) {
    const size_t n_bytes = part.text.size();
    try {
        return llama_tokenize(vocab, part.text.data(), static_cast<int32_t>(n_bytes), out, static_cast<int32_t>(room),
                              /*add_special=*/false, part.special);
    } catch (const std::out_of_range & error) {
        throw EngineError(ErrorCode::kTokenize,
                          "The model's vocabulary has no token for some character of a prompt of " +
                              std::to_string(n_bytes) + " bytes, nor for the bytes of that character (llama.cpp: " +
                              error.what() + "): leave such characters out, or take another model");
    }
}

void append_tokens(const llama_vocab * vocab, const PromptPart & part, std::vector<int32_t> & out) {
    const size_t before = out.size(), n_bytes = part.text.size();
    int n = -1;
    if (n_bytes < INT32_MAX / 2) {  // llama.cpp counts bytes and tokens in 32 bits
        out.resize(before + n_bytes + 8);
        n = tokenize_into(vocab, part, out.data() + before, n_bytes + 8);
    }
    if (n < -1) {  // a few vocabularies need more tokens than bytes
        out.resize(before - n);
        n = tokenize_into(vocab, part, out.data() + before, -n);
    }
    if (n < 0)
        throw EngineError(ErrorCode::kTokenize,
                          "llama.cpp could not tokenize a prompt of " + std::to_string(n_bytes) + " bytes");
    out.resize(before + n);
}

}  // namespace

Vocabulary::Vocabulary(const llama_vocab * vocab) : vocab_(vocab), pieces_(llama_vocab_n_tokens(vocab)) {
    std::vector<int32_t> banned, end;
    for (int32_t token = 0; token < size(); ++token) {
        pieces_[token] = piece_of(vocab, token);
        if (llama_vocab_is_eog(vocab, token)) {
            end.push_back(token);
        } else if (llama_vocab_is_control(vocab, token)) {
            banned.push_back(token);
        }
    }
    mask_ = TokenMask(size(), banned, end);
}

TokenMask Vocabulary::mask_ending_at(const std::vector<std::string> & stop) const {
    TokenMask mask = mask_;
    for (int32_t token = 0; token < size(); ++token) {
        for (const std::string & s : stop) {
            if (pieces_[token].compare(0, s.size(), s) == 0) mask.add_end(token);
        }
    }
    return mask;
}

int32_t Vocabulary::closing() const {
    if (llama_vocab_get_add_sep(vocab_) && llama_vocab_sep(vocab_) != LLAMA_TOKEN_NULL) return llama_vocab_sep(vocab_);
    return llama_vocab_get_add_eos(vocab_) ? llama_vocab_eos(vocab_) : LLAMA_TOKEN_NULL;
}

std::string Vocabulary::bos_text() const { return text_of(vocab_, llama_vocab_bos(vocab_)); }
std::string Vocabulary::eos_text() const { return text_of(vocab_, llama_vocab_eos(vocab_)); }

std::vector<int32_t> Vocabulary::tokenize(const std::vector<PromptPart> & parts) const {
    std::vector<int32_t> tokens;
    const llama_token bos = llama_vocab_bos(vocab_);
    const bool add_bos = llama_vocab_get_add_bos(vocab_) && bos != LLAMA_TOKEN_NULL;
    if (add_bos) tokens.push_back(bos);
    for (const PromptPart & part : parts) append_tokens(vocab_, part, tokens);
    if (add_bos && tokens.size() > 1 && tokens[1] == bos)
        tokens.erase(tokens.begin());  // a chat template wrote its own
    return tokens;
}

}  // namespace corrsynth
