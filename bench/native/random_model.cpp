// Writes a Llama model of a known shape (Q8_0) with a real vocabulary and random weights: what a step costs does not
// depend on what the weights say. The logits' standard deviation is about 4, as in trained models, so that plausible
// sets have a realistic size: the last norm makes |h| = sqrt(width), and output rows of deviation 4 / sqrt(width) do
// the rest.
//
//   random_model VOCABULARY.gguf OUT.gguf [135m|1b|7b]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "engine/llama_handles.h"
#include "ggml.h"

namespace {

struct Shape {
    const char * name;
    int layers, width, heads, kv_heads, feed_forward;
    bool is_tied;  // the output matrix is the embedding
    int kv_width() const { return width / heads * kv_heads; }
    int64_t n_parameters(int64_t n_vocab) const {
        const int64_t layer = int64_t{2} * width * (width + kv_width()) + int64_t{3} * width * feed_forward + 2 * width;
        return layers * layer + (is_tied ? 1 : 2) * n_vocab * width + width;
    }
};

constexpr Shape kShapes[] = {
    {"135m", 30, 576, 9, 3, 1536, true},     // SmolLM2
    {"1b", 16, 2048, 32, 8, 8192, true},     // Llama 3.2
    {"7b", 32, 4096, 32, 32, 11008, false},  // Llama 2
};
constexpr int kContext = 2048;
constexpr int64_t kDistinctRows = 2048;  // of a layer's matrix: more are repeats, to make large models in seconds

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

    void norm(const std::string & name, int width) {
        ggml_tensor * tensor = ggml_new_tensor_1d(ggml_, GGML_TYPE_F32, width);
        for (int i = 0; i < width; ++i) static_cast<float *>(tensor->data)[i] = 1;
        add(tensor, name);
    }

    void matrix(const std::string & name, int64_t in, int64_t out, float deviation, int64_t n_distinct) {
        ggml_tensor * tensor = ggml_new_tensor_2d(ggml_, GGML_TYPE_Q8_0, in, out);
        std::vector<float> row(in);
        auto * rows = static_cast<char *>(tensor->data);
        for (int64_t r = 0; r < out; ++r) {
            if (r >= n_distinct) {
                std::memcpy(rows + r * tensor->nb[1], rows + (r - n_distinct) * tensor->nb[1], tensor->nb[1]);
                continue;
            }
            for (float & x : row) x = noise_.next(deviation);
            ggml_quantize_chunk(GGML_TYPE_Q8_0, row.data(), rows + r * tensor->nb[1], 0, 1, in, nullptr);
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

void describe(gguf_context * gguf, const Shape & shape, int64_t n_vocab) {
    const auto set = [&](const char * key, uint32_t value) {
        gguf_set_val_u32(gguf, (std::string("llama.") + key).c_str(), value);
    };
    gguf_set_val_str(gguf, "general.architecture", "llama");
    gguf_set_val_str(gguf, "general.name", (std::string("random weights, ") + shape.name + " shape").c_str());
    set("context_length", kContext);
    set("embedding_length", shape.width);
    set("block_count", shape.layers);
    set("feed_forward_length", shape.feed_forward);
    set("attention.head_count", shape.heads);
    set("attention.head_count_kv", shape.kv_heads);
    set("rope.dimension_count", shape.width / shape.heads);
    set("vocab_size", static_cast<uint32_t>(n_vocab));
    gguf_set_val_f32(gguf, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
}

}  // namespace

int main(int argc, char ** argv) {
    const std::string name = argc > 3 ? argv[3] : "135m";
    const auto * found =
        std::find_if(std::begin(kShapes), std::end(kShapes), [&](const Shape & s) { return name == s.name; });
    if (argc < 3 || argc > 4 || found == std::end(kShapes)) {
        std::fprintf(stderr, "usage: random_model VOCABULARY.gguf OUT.gguf [135m|1b|7b]\n");
        return 2;
    }
    const Shape & shape = *found;
    const corrsynth::GgufHandle source(gguf_init_from_file(argv[1], {/*no_alloc=*/true, /*ctx=*/nullptr}));
    const int64_t key = source ? gguf_find_key(source.get(), "tokenizer.ggml.tokens") : -1;
    if (key < 0) {
        std::fprintf(stderr, "Cannot read a vocabulary from %s\n", argv[1]);
        return 1;
    }
    const auto n_vocab = static_cast<int64_t>(gguf_get_arr_n(source.get(), key));
    const corrsynth::GgufHandle gguf(gguf_init_empty());
    gguf_set_kv(gguf.get(), source.get());
    describe(gguf.get(), shape, n_vocab);

    // Q8_0 takes 34 bytes for 32 weights
    const auto n_bytes = static_cast<size_t>(shape.n_parameters(n_vocab)) / 32 * 34 + (size_t{1} << 26);
    ggml_context * ggml = ggml_init({n_bytes, nullptr, false});
    Writer writer(gguf.get(), ggml);
    const float of_logits = 4.0f / std::sqrt(static_cast<float>(shape.width));
    writer.matrix("token_embd.weight", shape.width, n_vocab, of_logits, n_vocab);
    if (!shape.is_tied) writer.matrix("output.weight", shape.width, n_vocab, of_logits, n_vocab);
    writer.norm("output_norm.weight", shape.width);
    const float deviation = 0.5f / std::sqrt(static_cast<float>(shape.width));
    const auto matrix = [&](const std::string & name, int64_t in, int64_t out) {
        writer.matrix(name, in, out, deviation, kDistinctRows);
    };
    for (int layer = 0; layer < shape.layers; ++layer) {
        const std::string block = "blk." + std::to_string(layer) + ".";
        writer.norm(block + "attn_norm.weight", shape.width);
        writer.norm(block + "ffn_norm.weight", shape.width);
        matrix(block + "attn_q.weight", shape.width, shape.width);
        matrix(block + "attn_k.weight", shape.width, shape.kv_width());
        matrix(block + "attn_v.weight", shape.width, shape.kv_width());
        matrix(block + "attn_output.weight", shape.width, shape.width);
        matrix(block + "ffn_gate.weight", shape.width, shape.feed_forward);
        matrix(block + "ffn_up.weight", shape.width, shape.feed_forward);
        matrix(block + "ffn_down.weight", shape.feed_forward, shape.width);
    }
    const bool written = gguf_write_to_file(gguf.get(), argv[2], false);
    ggml_free(ggml);
    if (!written) std::fprintf(stderr, "Cannot write %s\n", argv[2]);
    return written ? 0 : 1;
}
