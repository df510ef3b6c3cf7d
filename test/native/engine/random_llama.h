// A Llama with random weights, small enough for a test, written as a GGUF file. A weight depends on its name alone, so
// a model of fewer blocks is a larger one cut after them.
#pragma once
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "engine/llama_handles.h"
#include "engine/model.h"

namespace corrsynth_test {

struct RandomLlama {
    std::string architecture = "llama";  // or one whose tensors are the same, and "gemma2", "phi2", which have more
    int n_blocks = 6;
    bool has_output = true;                              // false: the output matrix is that of the embeddings
    std::vector<std::pair<std::string, float>> numbers;  // more of the file's keys, after the architecture's name
};

constexpr int kRandomVocab = 40;

namespace random_llama {

constexpr int kWidth = 32, kHidden = 48, kHeads = 2;

class File {
  public:
    File() : gguf_(gguf_init_empty()), context_(ggml_init({1 << 22, nullptr, /*no_alloc=*/false})) {}
    ~File() { ggml_free(context_); }
    gguf_context * gguf() { return gguf_.get(); }

    void add(const std::string & name, int64_t n, int64_t m, float spread, float mean = 0) {
        ggml_tensor * tensor =
            m > 0 ? ggml_new_tensor_2d(context_, GGML_TYPE_F32, n, m) : ggml_new_tensor_1d(context_, GGML_TYPE_F32, n);
        ggml_set_name(tensor, name.c_str());
        std::seed_seq seed(name.begin(), name.end());
        std::mt19937 bits(seed);
        for (int64_t i = 0; i < ggml_nelements(tensor); ++i)
            ggml_set_f32_1d(tensor, static_cast<int>(i), mean + spread * (bits() / 2147483648.0f - 1));
        gguf_add_tensor(gguf_.get(), tensor);
    }

  private:
    corrsynth::GgufHandle gguf_;
    ggml_context * context_;
};

inline void add_vocabulary(gguf_context * gguf) {
    std::vector<std::string> tokens;
    for (int i = 0; i < kRandomVocab; ++i) tokens.push_back(std::string(1, static_cast<char>('0' + i)));
    std::vector<const char *> texts;
    for (const std::string & token : tokens) texts.push_back(token.c_str());
    const char * merges[] = {"0 1"};
    gguf_set_val_str(gguf, "tokenizer.ggml.model", "gpt2");
    gguf_set_val_str(gguf, "tokenizer.ggml.pre", "gpt-2");
    gguf_set_arr_str(gguf, "tokenizer.ggml.tokens", texts.data(), texts.size());
    gguf_set_arr_str(gguf, "tokenizer.ggml.merges", merges, 1);
    gguf_set_val_u32(gguf, "tokenizer.ggml.eos_token_id", kRandomVocab - 1);
    gguf_set_val_bool(gguf, "tokenizer.ggml.add_bos_token", false);
}

inline void add_block(File & file, const std::string & block, const std::string & architecture) {
    const bool is_phi = architecture == "phi2", is_gemma = architecture == "gemma2";
    file.add(block + "attn_norm.weight", kWidth, 0, 0.2f, 1);
    for (const char * name : {"attn_q", "attn_k", "attn_v", "attn_output"}) {
        file.add(block + name + ".weight", kWidth, kWidth, 0.4f);
        if (is_phi) file.add(block + name + ".bias", kWidth, 0, 0.4f);
    }
    file.add(block + "ffn_up.weight", kWidth, kHidden, 0.4f);
    file.add(block + "ffn_down.weight", kHidden, kWidth, 0.4f);
    if (is_phi) {
        file.add(block + "attn_norm.bias", kWidth, 0, 0.4f);
        file.add(block + "ffn_up.bias", kHidden, 0, 0.4f);
        file.add(block + "ffn_down.bias", kWidth, 0, 0.4f);
        return;
    }
    file.add(block + "ffn_gate.weight", kWidth, kHidden, 0.4f);
    file.add(block + "ffn_norm.weight", kWidth, 0, 0.2f, 1);
    if (!is_gemma) return;
    file.add(block + "post_attention_norm.weight", kWidth, 0, 0.2f, 1);
    file.add(block + "post_ffw_norm.weight", kWidth, 0, 0.2f, 1);
}

inline void write(const RandomLlama & llama, const std::string & path) {
    File file;
    gguf_context * gguf = file.gguf();
    const std::string prefix = llama.architecture + ".";
    const auto count = [&](const char * key, int n) { gguf_set_val_u32(gguf, (prefix + key).c_str(), n); };
    const auto number = [&](const std::string & key, float x) { gguf_set_val_f32(gguf, (prefix + key).c_str(), x); };
    gguf_set_val_str(gguf, "general.architecture", llama.architecture.c_str());
    count("block_count", llama.n_blocks);
    count("context_length", 512);
    count("embedding_length", kWidth);
    count("feed_forward_length", kHidden);
    count("attention.head_count", kHeads);
    count("rope.dimension_count", kWidth / kHeads);
    if (llama.architecture == "gemma2") {
        count("attention.sliding_window", 64);
        count("attention.key_length", kWidth / kHeads);
        count("attention.value_length", kWidth / kHeads);
    }
    number("attention.layer_norm_rms_epsilon", 1e-5f);
    number("attention.layer_norm_epsilon", 1e-5f);
    for (const auto & [key, x] : llama.numbers) number(key, x);
    add_vocabulary(gguf);
    file.add("token_embd.weight", kWidth, kRandomVocab, 1);
    file.add("output_norm.weight", kWidth, 0, 0.2f, 1);
    if (llama.has_output) file.add("output.weight", kWidth, kRandomVocab, 0.5f);
    if (llama.architecture == "phi2") {
        file.add("output_norm.bias", kWidth, 0, 0.4f);
        file.add("output.bias", kRandomVocab, 0, 0.4f);
    }
    for (int i = 0; i < llama.n_blocks; ++i) add_block(file, "blk." + std::to_string(i) + ".", llama.architecture);
    gguf_write_to_file(gguf, path.c_str(), /*only_meta=*/false);
}

}  // namespace random_llama

inline std::shared_ptr<const corrsynth::Model> load(const RandomLlama & llama) {
    static int n = 0;
    const std::string name = "corrsynth-llama-" + std::to_string(::getpid()) + "-" + std::to_string(n++);
    const std::string path = (std::filesystem::temp_directory_path() / name).string();
    random_llama::write(llama, path);
    auto model = corrsynth::Model::load(path);
    std::remove(path.c_str());
    return model;
}

}  // namespace corrsynth_test
