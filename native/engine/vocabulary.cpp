#include "engine/vocabulary.h"

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

void append_tokens(const llama_vocab * vocab, const PromptPart & part, std::vector<int32_t> & out) {
    const auto length = static_cast<int32_t>(part.text.size());
    const size_t before = out.size();
    out.resize(before + part.text.size() + 8);
    int n = llama_tokenize(vocab, part.text.data(), length, out.data() + before, static_cast<int>(out.size() - before),
                           false, part.special);
    if (n < 0) {  // a few vocabularies need more tokens than bytes
        out.resize(before - n);
        n = llama_tokenize(vocab, part.text.data(), length, out.data() + before, -n, false, part.special);
    }
    if (n < 0)
        throw EngineError(ErrorCode::kDecode,
                          "llama.cpp could not tokenize a prompt of " + std::to_string(length) + " bytes");
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
