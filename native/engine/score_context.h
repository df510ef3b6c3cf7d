// The llama_context that scores texts: one beginning, and behind it a tree of tokens at a time.
#pragma once
#include <atomic>
#include <functional>
#include <vector>

#include "backends/workers.h"
#include "engine/beginning_store.h"
#include "engine/llama_handles.h"
#include "engine/model.h"
#include "engine/score_tree.h"
#include "engine/threadpool.h"

namespace corrsynth {

class ScoreContext {
  public:
    // longest: tokens of a request. beginnings: outlives this. Throws EngineError kOutOfMemory.
    ScoreContext(const Model & model, int longest, int n_threads, BeginningStore & beginnings);

    bool serves(int longest, int n_threads) const { return longest <= longest_ && n_threads == workers_.n_workers(); }
    int n_vocab() const { return n_vocab_; }
    Workers & workers() { return workers_; }

    // Before the calls below; cancel is looked at until end(), which says how many tokens were decoded since.
    void begin(const std::atomic<bool> & cancel);
    int64_t end();

    // Puts tokens[0..from-1] at the beginning, of which the first `shared` are decoded by themselves: fetched if they
    // are kept, else decoded, alone and from their start, so that their cells hold the same bits either way.
    void hold(const int32_t * tokens, int from, int shared);

    // Decodes a tree behind the beginning in batches, nodes[first..end-1] each; after each of them, `read` may ask for
    // their logits, which lie where llama.cpp put them.
    void decode(const std::vector<ScoreNode> & nodes, const std::function<void(size_t first, size_t end)> & read);

    // After the i-th node of the batch, which has an output. For any thread.
    const float * logits(int i) const { return logits_[i]; }

  private:
    void clear();
    bool cut_back_to(const Beginning & beginning);
    bool fetch(const Beginning & beginning);
    void keep(const Beginning & beginning);
    void decode_beginning(const int32_t * tokens, int from, int to);
    void decode_batch();
    void find_logits();

    const Model & model_;
    const int n_vocab_, longest_, n_batch_;
    const bool keeps_;  // beginnings, on the host
    BeginningStore & beginnings_;
    Workers workers_;
    ThreadpoolHandle threadpool_;  // before context_: must outlive it
    LlamaContextHandle context_;
    LlamaBatch batch_;
    std::vector<const float *> logits_;  // of the batch, by node; null: no output
    const std::atomic<bool> * cancel_ = nullptr;
    Beginning held_;  // what the cells of kTrunk hold
    int64_t n_decoded_ = 0;
};

}  // namespace corrsynth
