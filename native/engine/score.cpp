#include "engine/score.h"

#include <algorithm>
#include <cmath>

#include "backends/workers.h"
#include "engine/error.h"
#include "engine/score_context.h"
#include "engine/score_plan.h"
#include "engine/score_tree.h"
#include "sampling/log_sum_exp.h"

namespace corrsynth {
namespace {

constexpr uint64_t kMostKeptTokens = 8192;
constexpr uint64_t kMostKeptBytes = 1 << 29;

int longest_of(const std::vector<ScoreRequest> & requests) {
    size_t longest = 1;
    for (const ScoreRequest & request : requests) longest = std::max(longest, request.tokens.size());
    return static_cast<int>(longest);
}

// Adds to sums[s] what the logits after a node say of the s-th request of its tree.
void add_scores(const ScoreNode & node, const ScoreRequest * requests, const float * logits, double partition,
                double * sums) {
    for (const int32_t s : node.requests) {
        if (scores_after(requests[s], node.position))
            sums[s] += logits[requests[s].tokens[node.position + 1]] - partition;
    }
}

void score_tree(const ScoreRequest * requests, const std::vector<ScoreNode> & nodes, ScoreContext & context,
                double * sums) {
    const int n_vocab = context.n_vocab();
    std::vector<double> partitions;
    context.decode(nodes, [&](size_t first, size_t end) {
        partitions.assign(end - first, 0);
        context.workers().run(static_cast<int>(end - first), [&](int i, int) {
            if (nodes[first + i].has_output) partitions[i] = log_sum_exp(context.logits(i), n_vocab);
        });
        for (size_t i = first; i < end; ++i) {
            if (!nodes[i].has_output) continue;
            const double partition = partitions[i - first];
            if (!std::isfinite(partition))
                throw EngineError(ErrorCode::kNotANumber, "The model's logits hold NaN or no finite number");
            add_scores(nodes[i], requests, context.logits(static_cast<int>(i - first)), partition, sums);
        }
    });
}

}  // namespace

size_t kept_tokens(const ModelInfo & info) {
    if (info.kv_bytes_per_token == 0) return kMostKeptTokens;
    return std::min(kMostKeptTokens, kMostKeptBytes / (2 * info.kv_bytes_per_token));  // float32 takes twice as many
}

Scorer::Scorer(std::shared_ptr<const Model> model)
    : model_(std::move(model)), beginnings_(kept_tokens(model_->info())) {}
Scorer::~Scorer() = default;

std::vector<double> Scorer::score(const std::vector<ScoreRequest> & requests, const ScoreOptions & options,
                                  const std::atomic<bool> & cancel) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<double> sums(requests.size());
    if (requests.empty()) return sums;
    const int longest = longest_of(requests);
    try {
        if (!context_ || !context_->serves(longest, options.n_threads)) {
            context_.reset();  // first: two of them may not fit
            context_ = std::make_unique<ScoreContext>(*model_, longest, options.n_threads, beginnings_);
        }
        context_->begin(cancel);
        for (const ScoreTree & tree : plan_trees(requests)) {
            const ScoreRequest * first = &requests[tree.first];
            context_->hold(first->tokens.data(), tree.from, tree.shared);
            score_tree(first, tree_nodes(first, tree.end - tree.first, tree.from), *context_, &sums[tree.first]);
        }
        n_decoded_ += context_->end();
    } catch (...) {
        context_.reset();  // its cells hold who knows what
        throw;
    }
    return sums;
}

}  // namespace corrsynth
