// Scores: that what requests begin with is decoded once changes nothing but the time.
#include "engine/score.h"

#include <doctest/doctest.h>

#include <cmath>
#include <thread>

#include "engine/demo.h"
#include "engine/score_tree.h"
#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

const std::atomic<bool> kNever{false};

ScoreRequest request_of(const std::string & prompt, const std::string & text) {
    const Vocabulary & vocabulary = demo_model()->vocabulary();
    return {vocabulary.tokenize({{prompt, false}, {text, false}}),
            static_cast<int>(vocabulary.tokenize({{prompt, false}}).size())};
}

// The same, token for token by a context that decodes nothing else.
double score_alone(const ScoreRequest & request) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 512;
    params.n_threads = params.n_threads_batch = 1;
    params.type_k = params.type_v = GGML_TYPE_F32;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    const LlamaContextHandle context(llama_init_from_model(demo_model()->handle(), params));
    const int n_vocab = demo_model()->info().n_vocab;
    double sum = 0;
    LlamaBatch batch(1);
    for (int i = 0; i + 1 < static_cast<int>(request.tokens.size()); ++i) {
        batch.clear();
        batch.add(request.tokens[i], i, 0, true);
        REQUIRE(llama_decode(context.get(), batch.batch) == 0);
        if (i < request.n_prompt - 1) continue;
        const float * logits = llama_get_logits(context.get());
        double all = 0;
        for (int w = 0; w < n_vocab; ++w) all += std::exp(static_cast<double>(logits[w]));
        sum += logits[request.tokens[i + 1]] - std::log(all);
    }
    return sum;
}

std::vector<double> scores_of(const std::vector<ScoreRequest> & requests) {
    return score(*demo_model(), requests, {1}, kNever);
}

}  // namespace

TEST_CASE("a tree has what requests begin with once, and asks where a text goes on") {
    const ScoreRequest a{{1, 2, 3, 4}, 2}, b{{1, 2, 3, 5}, 3}, c{{1, 2, 6}, 2};
    const std::vector<ScoreNode> nodes = score_tree({&a, &b, &c}, 1);
    REQUIRE(nodes.size() == 2);  // token 2 at position 1, token 3 at position 2: the last tokens are not decoded
    CHECK(nodes[0].token == 2);
    CHECK(nodes[0].position == 1);
    CHECK(nodes[0].sequences == std::vector<int32_t>{0, 1, 2});
    CHECK(nodes[0].has_output);  // of a and c, whose texts begin after it
    CHECK(nodes[1].token == 3);
    CHECK(nodes[1].sequences == std::vector<int32_t>{0, 1});
    CHECK(nodes[1].has_output);
    CHECK(scores_after(a, 1));
    CHECK_FALSE(scores_after(b, 1));
    CHECK_FALSE(scores_after(a, 3));  // its last token
}

TEST_CASE("a tree of random requests holds each of their tokens but the last") {
    Random random(3);
    for (int i = 0; i < 200; ++i) {
        std::vector<ScoreRequest> requests(1 + random.below(20));
        for (ScoreRequest & request : requests) {
            request.tokens.resize(2 + random.below(6));
            for (int32_t & token : request.tokens) token = static_cast<int32_t>(random.below(2));
        }
        std::sort(requests.begin(), requests.end(),
                  [](const ScoreRequest & a, const ScoreRequest & b) { return a.tokens < b.tokens; });
        std::vector<const ScoreRequest *> sorted;
        int n_nodes = 0;
        for (const ScoreRequest & request : requests) {
            n_nodes += n_added(sorted.empty() ? nullptr : sorted.back(), request, 1);
            sorted.push_back(&request);
        }
        const std::vector<ScoreNode> nodes = score_tree(sorted, 1);
        CHECK(static_cast<int>(nodes.size()) == n_nodes);
        for (size_t s = 0; s < requests.size(); ++s) {
            std::vector<int32_t> found(1, requests[s].tokens[0]);
            for (const ScoreNode & node : nodes) {
                if (std::count(node.sequences.begin(), node.sequences.end(), static_cast<int32_t>(s)) == 0) continue;
                CHECK(node.position == static_cast<int>(found.size()));
                found.push_back(node.token);
            }
            CHECK(found == std::vector<int32_t>(requests[s].tokens.begin(), requests[s].tokens.end() - 1));
        }
    }
}

TEST_CASE("each request has the score that it has alone") {
    std::vector<ScoreRequest> requests;
    for (const char * label : {"an animal", "a plant", "a food"}) {
        const std::string prompt = std::string("Definition of ") + label + ":";
        for (const char * text : {" small burrowing rodent", " small burrowing", " tall tree with red fruit", ""}) {
            requests.push_back(request_of(prompt, text));
        }
    }
    requests.push_back(requests[0]);  // twice
    const std::vector<double> together = scores_of(requests);
    for (size_t i = 0; i < requests.size(); ++i) {
        const int n_tokens = static_cast<int>(requests[i].tokens.size()) - requests[i].n_prompt;
        // of a quantised model: a token alone and among others go through other kernels
        CHECK(std::fabs(together[i] - score_alone(requests[i])) <= 0.02 * n_tokens);
        CHECK((n_tokens > 0) == (together[i] < 0));
    }
    CHECK(together.back() == together[0]);
}

TEST_CASE("more requests than are decoded together, longer ones than a tree, in the order of the call") {
    std::vector<ScoreRequest> requests;
    for (int i = 0; i < 300; ++i) {
        requests.push_back({std::vector<int32_t>(2 + (i * 7) % 40, 300 + i % 90), 1 + i % 2});
    }
    const std::vector<double> all = scores_of(requests);
    for (const int i : {0, 1, 127, 128, 299}) {
        const int n_tokens = static_cast<int>(requests[i].tokens.size());
        CHECK(std::fabs(all[i] - score_alone(requests[i])) <= 0.05 * n_tokens);
    }
    const std::vector<ScoreRequest> longest = {{std::vector<int32_t>(2100, 300), 2}};
    CHECK(scores_of(longest)[0] < 0);
    CHECK(scores_of({}).empty());
}

TEST_CASE("scoring stops when it is told to") {
    std::atomic<bool> cancel{false};
    std::vector<ScoreRequest> requests;
    for (int i = 0; i < 4000; ++i) requests.push_back({std::vector<int32_t>(60, 100 + i), 1});
    std::thread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        cancel = true;
    });
    CHECK_THROWS_AS(score(*demo_model(), requests, {1}, cancel), EngineError);
    later.join();
}
