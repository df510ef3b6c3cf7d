// One llama_context and the slots of its KV cache: prefill, the lockstep decode, and moving rows between slots.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "engine/logits_capture.h"
#include "engine/model.h"
#include "engine/threadpool.h"

namespace corrsynth {

constexpr int kMaxRows = 256;  // sequences that llama.cpp keeps in one context (LLAMA_MAX_SEQ)

struct ContextOptions {
    int n_slots = 1;      // rows that can be decoded together; with the stored ones 1..kMaxRows
    int n_stored = 0;     // slots behind them that only keep prompts
    int slot_size = 512;  // tokens a row can hold, prompt and continuation, >= 1; rounded up to a multiple of 256
    int n_batch = 512;    // prompt tokens decoded at once, >= 1; more than a slot holds are as many as it holds
    int n_threads = 1;    // 1..kMaxThreads
    std::string kv_type = "f16";       // ggml's name of the type of keys and values
    std::string flash_attention = "";  // "on", "off", or "": as llama.cpp finds best
    int n_graph = 0;  // rows or prompt tokens that llama.cpp computes at once, roughly; 0: no limit, which is fastest
    std::string role = "";         // of the model in messages, e.g. "the amateur"; empty: it is the only one
    std::vector<int> layers = {};  // earlier layers whose logits a step has besides, counted as LayerLogits does
};

// A slot is a llama.cpp sequence id with a stream of the KV cache of its own. The slots in use are always 0..n-1: with
// a hole among them llama.cpp would split a step into several graph executions.
class Context {
  public:
    // Throws EngineError kOutOfMemory when the KV cache or the compute buffers cannot be had, or are more than
    // llama.cpp can count; kLayers where the model's layers cannot be read. cancel is looked at between the operations
    // of a decode.
    Context(std::shared_ptr<const Model> model, const ContextOptions & options, const std::atomic<bool> & cancel);

    int n_slots() const { return n_slots_; }
    int n_stored() const { return n_stored_; }
    int slot_size() const { return slot_size_; }
    int n_batch() const { return n_batch_; }

    // Puts tokens[from..to-1] into a slot that holds `from` tokens, at those positions, asking for no logits.
    void prefill(int slot, const int32_t * tokens, int from, int to);

    // Slot `to` becomes a copy of the first n tokens in slot `from`. False where the model's memory cannot be cut at n
    // (recurrent states): the slot is empty then.
    bool copy(int from, int to, int n);

    // Decodes one token for each of the slots 0..n-1 at the given positions.
    // The logits are [n, n_vocab] in slot order, lie where llama.cpp computed them, and are valid until the next call.
    // Where llama.cpp does not show them, or not all together, this step and all later ones have its copy on the host;
    // but where layers were asked for it throws kLayers, since of theirs there is no copy.
    //
    // The layers' logits are the step's second matrix: [n_layers * n, n_vocab], first the n rows of the first layer.
    StepLogits step(const int32_t * tokens, const int32_t * positions, int n);

    // The row in slot `from` moves to slot `to`, whose row is forgotten; `from` is empty afterwards.
    void move(int from, int to);
    void clear(int slot);

    long n_graphs() const { return n_graphs_; }                     // llama_decode calls so far
    uint64_t n_bytes_copied() const { return n_bytes_copied_; }     // of logits that llama.cpp copied to the host
    const std::string & why_copied() const { return why_copied_; }  // empty while it copies none

  private:
    void decode();
    bool is_whole(const ggml_tensor * logits, int n) const;
    std::string why_not_whole(int n) const;
    const StepLogits & layer_logits(int n);
    [[noreturn]] void refuse_layers(int n) const;
    void decode_for_copy(const int32_t * positions, int n);
    StepLogits copied_logits(int n);

    std::shared_ptr<const Model> model_;
    const std::atomic<bool> & cancel_;
    int n_slots_, n_stored_, slot_size_, n_batch_;
    LogitsCapture capture_;  // before context_, as is threadpool_: they must outlive it
    ThreadpoolHandle threadpool_;
    LlamaContextHandle context_;
    LlamaBatch batch_;
    StepLogits layer_logits_;  // of the latest step
    long n_graphs_ = 0;
    uint64_t n_bytes_copied_ = 0;
    std::string why_copied_;
};

}  // namespace corrsynth
