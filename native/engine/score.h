// What a model thinks of texts: the log-probability of each, after its prompt.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/beginning_store.h"
#include "engine/model.h"
#include "engine/score_request.h"

namespace corrsynth {

class ScoreContext;

struct ScoreOptions {
    int n_threads = 1;  // 1..kMaxThreads
};

// Tokens of beginnings whose keys and values a scorer keeps, as float32: 8,192 at most, and no more than 512 MiB take.
size_t kept_tokens(const ModelInfo & info);

// Keeps its context between calls, and of what prompts begin with the keys and values, on the host: a beginning that
// comes again is copied instead of decoded. Where the model is on a device only the latest beginning stays, on it:
// fetching a transposed cache line by line takes about as long as decoding. Calls from several threads take turns.
class Scorer {
  public:
    explicit Scorer(std::shared_ptr<const Model> model);
    ~Scorer();

    // Returns for each request the sum over its text's tokens of ln P(token | all before it), in float64; 0 for an
    // empty text. Requests with the same prompt should stand together, and prompts that begin alike (plan_trees); the
    // scores depend on this list alone, not on what was scored before. Only the sums leave: logits are read where
    // llama.cpp puts them. Throws EngineError kOutOfMemory, kDecode, kNotANumber, kCancelled.
    std::vector<double> score(const std::vector<ScoreRequest> & requests, const ScoreOptions & options,
                              const std::atomic<bool> & cancel);

    uint64_t n_decoded() const { return n_decoded_; }         // tokens, since it was made
    size_t n_kept() const { return beginnings_.n_tokens(); }  // tokens of beginnings

  private:
    const std::shared_ptr<const Model> model_;
    std::mutex mutex_;
    BeginningStore beginnings_;
    std::unique_ptr<ScoreContext> context_;
    uint64_t n_decoded_ = 0;
};

}  // namespace corrsynth
