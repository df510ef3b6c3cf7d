// Whether two vocabularies are one, so that the logits of two models may be compared token by token.
#include <algorithm>
#include <cctype>

#include "engine/vocabulary.h"
#include "llama.h"

namespace corrsynth {
namespace {

std::string text_of(const llama_vocab * vocab, llama_token token) {
    const char * text = llama_vocab_get_text(vocab, token);
    return text ? text : "";
}

// "[PAD151665]", as converters fill a vocabulary up to the width of the model's output.
bool is_padding(const llama_vocab * vocab, llama_token token) {
    if (llama_vocab_get_attr(vocab, token) & LLAMA_TOKEN_ATTR_UNUSED) return true;
    const std::string text = text_of(vocab, token);
    return text.size() > 5 && text.compare(0, 4, "[PAD") == 0 && text.back() == ']' &&
           std::all_of(text.begin() + 4, text.end() - 1, [](unsigned char c) { return std::isdigit(c); });
}

const char * kind_of(const llama_vocab * vocab, llama_token token) {
    const llama_token_attr attr = llama_vocab_get_attr(vocab, token);
    if (attr & LLAMA_TOKEN_ATTR_CONTROL) return "control";
    if (attr & LLAMA_TOKEN_ATTR_BYTE) return "byte";
    if (attr & LLAMA_TOKEN_ATTR_UNKNOWN) return "unknown";
    if (attr & LLAMA_TOKEN_ATTR_UNUSED) return "unused";
    if (attr & LLAMA_TOKEN_ATTR_USER_DEFINED) return "user-defined";
    return "normal";
}

std::string described(const llama_vocab * vocab, llama_token token) {
    if (token >= llama_vocab_n_tokens(vocab)) return "no token";
    const char * end = llama_vocab_is_eog(vocab, token) ? ", ends a text" : "";
    return "\"" + text_of(vocab, token) + "\" (" + kind_of(vocab, token) + end + ")";
}

bool are_equal(const llama_vocab * a, const llama_vocab * b, llama_token token) {
    return text_of(a, token) == text_of(b, token) && std::string(kind_of(a, token)) == kind_of(b, token) &&
           llama_vocab_is_eog(a, token) == llama_vocab_is_eog(b, token);
}

}  // namespace

std::string Vocabulary::difference_from(const Vocabulary & other, const std::string & its_name) const {
    const int n_both = std::min(size(), other.size()), n_all = std::max(size(), other.size());
    const auto difference = [&](int token) {
        return "token " + std::to_string(token) + " is " + described(vocab_, token) + " of the teacher and " +
               described(other.vocab_, token) + " of the " + its_name;
    };
    for (int token = 0; token < n_both; ++token) {
        if (!are_equal(vocab_, other.vocab_, token)) return difference(token);
    }
    const llama_vocab * longer = size() > other.size() ? vocab_ : other.vocab_;
    for (int token = n_both; token < n_all; ++token) {
        if (!is_padding(longer, token)) return difference(token);
    }
    return "";  // with which token a text begins is for each model's own prompts
}

}  // namespace corrsynth
