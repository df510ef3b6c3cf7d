// Writes a Llama model of about 135 M parameters (30 layers, 576 wide, 9 heads, 3 of them for keys and values,
// feed-forward 1536, tied embeddings, Q8_0) with a real vocabulary and random weights: what a step costs does not
// depend on what the weights say. The logits' standard deviation is about 4, as in trained models, so that plausible
// sets have a realistic size: the last norm makes |h| = sqrt(576) = 24, and embeddings of deviation 1/6 give 24/6.
//
//   random_model VOCABULARY.gguf OUT.gguf
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/llama_handles.h"
#include "ggml.h"

namespace {

constexpr int kLayers = 30, kWidth = 576, kHeads = 9, kKvHeads = 3, kFeedForward = 1536, kContext = 2048;

// Sum of four uniforms: near enough to a normal distribution, and fast.
class Noise {
  public:
    float next(float deviation) {
        uint32_t sum = 0;
        for (int i = 0; i < 4; ++i) {
            state_ = state_ * 6364136223846793005u + 1442695040888963407u;
            sum += static_cast<uint32_t>(state_ >> 48);
        }
        return (static_cast<float>(sum) / 65536.0f - 2.0f) * std::sqrt(3.0f) * deviation;
    }

  private:
    uint64_t state_ = 7;
};

class Writer {
  public:
    Writer(gguf_context * gguf, ggml_context * ggml) : gguf_(gguf), ggml_(ggml) {}

    void norm(const std::string & name) {
        ggml_tensor * tensor = ggml_new_tensor_1d(ggml_, GGML_TYPE_F32, kWidth);
        for (int i = 0; i < kWidth; ++i) static_cast<float *>(tensor->data)[i] = 1;
        add(tensor, name);
    }

    void matrix(const std::string & name, int64_t in, int64_t out, float deviation) {
        ggml_tensor * tensor = ggml_new_tensor_2d(ggml_, GGML_TYPE_Q8_0, in, out);
        std::vector<float> row(in);
        for (int64_t r = 0; r < out; ++r) {
            for (float & x : row) x = noise_.next(deviation);
            ggml_quantize_chunk(GGML_TYPE_Q8_0, row.data(), static_cast<char *>(tensor->data) + r * tensor->nb[1], 0, 1,
                                in, nullptr);
        }
        add(tensor, name);
    }

  private:
    void add(ggml_tensor * tensor, const std::string & name) {
        ggml_set_name(tensor, name.c_str());
        gguf_add_tensor(gguf_, tensor);
    }
    gguf_context * gguf_;
    ggml_context * ggml_;
    Noise noise_;
};

void describe(gguf_context * gguf, int64_t n_vocab) {
    const auto set = [&](const char * key, uint32_t value) {
        gguf_set_val_u32(gguf, (std::string("llama.") + key).c_str(), value);
    };
    gguf_set_val_str(gguf, "general.architecture", "llama");
    gguf_set_val_str(gguf, "general.name", "random weights, 135M shape");
    set("context_length", kContext);
    set("embedding_length", kWidth);
    set("block_count", kLayers);
    set("feed_forward_length", kFeedForward);
    set("attention.head_count", kHeads);
    set("attention.head_count_kv", kKvHeads);
    set("rope.dimension_count", kWidth / kHeads);
    set("vocab_size", static_cast<uint32_t>(n_vocab));
    gguf_set_val_f32(gguf, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
}

}  // namespace

int main(int argc, char ** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: random_model VOCABULARY.gguf OUT.gguf\n");
        return 2;
    }
    const corrsynth::GgufHandle source(gguf_init_from_file(argv[1], {/*no_alloc=*/true, /*ctx=*/nullptr}));
    const int64_t key = source ? gguf_find_key(source.get(), "tokenizer.ggml.tokens") : -1;
    if (key < 0) {
        std::fprintf(stderr, "Cannot read a vocabulary from %s\n", argv[1]);
        return 1;
    }
    const auto n_vocab = static_cast<int64_t>(gguf_get_arr_n(source.get(), key));
    const corrsynth::GgufHandle gguf(gguf_init_empty());
    gguf_set_kv(gguf.get(), source.get());
    describe(gguf.get(), n_vocab);

    ggml_context * ggml = ggml_init({size_t{1} << 29, nullptr, false});
    Writer writer(gguf.get(), ggml);
    writer.matrix("token_embd.weight", kWidth, n_vocab, 1.0f / 6);
    writer.norm("output_norm.weight");
    const int64_t kv_width = kWidth / kHeads * kKvHeads;
    const float deviation = 0.5f / std::sqrt(static_cast<float>(kWidth));
    for (int layer = 0; layer < kLayers; ++layer) {
        const std::string block = "blk." + std::to_string(layer) + ".";
        writer.norm(block + "attn_norm.weight");
        writer.norm(block + "ffn_norm.weight");
        writer.matrix(block + "attn_q.weight", kWidth, kWidth, deviation);
        writer.matrix(block + "attn_k.weight", kWidth, kv_width, deviation);
        writer.matrix(block + "attn_v.weight", kWidth, kv_width, deviation);
        writer.matrix(block + "attn_output.weight", kWidth, kWidth, deviation);
        writer.matrix(block + "ffn_gate.weight", kWidth, kFeedForward, deviation);
        writer.matrix(block + "ffn_up.weight", kWidth, kFeedForward, deviation);
        writer.matrix(block + "ffn_down.weight", kFeedForward, kWidth, deviation);
    }
    const bool written = gguf_write_to_file(gguf.get(), argv[2], false);
    ggml_free(ggml);
    if (!written) std::fprintf(stderr, "Cannot write %s\n", argv[2]);
    return written ? 0 : 1;
}
