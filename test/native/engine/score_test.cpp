// Scores: that what requests begin with is decoded once, and kept, changes nothing but the time.
#include "engine/score.h"

#include <doctest/doctest.h>

#include <cmath>
#include <thread>

#include "engine/demo.h"
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
    return Scorer(demo_model()).score(requests, {1}, kNever);
}

std::string repeated(const std::string & text, int n) {
    std::string out;
    for (int i = 0; i < n; ++i) out += text;
    return out;
}

// Prompts of more than 100 tokens with texts of about 10: a channel check.
std::vector<ScoreRequest> channel_requests(int n_rows) {
    static const char * const texts[] = {" small burrowing rodent with a long tail", " tall tree with red fruit",
                                         " a dish of rice and meat", " one who writes plays"};
    std::vector<ScoreRequest> requests;
    for (const char * label : {"an animal", "a plant", "a food"}) {
        const std::string question = std::string("Definition of ") + label + ":";
        for (int r = 0; r < n_rows; ++r)
            requests.push_back(request_of(repeated(question + " rare and well known\n", 12) + question, texts[r % 4]));
    }
    return requests;
}

// A beginning of more than 100 tokens, then a prompt for each row, then the labels: a direct check.
std::vector<ScoreRequest> direct_requests(int first_row, int n_rows) {
    const std::string shots = repeated("a big tree: a plant\na small dog: an animal\n", 10);
    std::vector<ScoreRequest> requests;
    for (int r = first_row; r < first_row + n_rows; ++r) {
        for (const char * label : {" an animal", " a plant", " a food"})
            requests.push_back(request_of(
                shots + "the " + std::string(r % 3 + 1, 'q') + "uick fox number " + std::to_string(r) + ":", label));
    }
    return requests;
}

}  // namespace

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
    Scorer scorer(demo_model());
    CHECK_THROWS_AS(scorer.score(requests, {1}, cancel), EngineError);
    later.join();
    const std::vector<ScoreRequest> few = {request_of("Definition of an animal:", " small rodent")};
    CHECK(scorer.score(few, {1}, kNever) == scores_of(few));  // and goes on afterwards
}

TEST_CASE("the second call finds its beginnings: nothing but the texts is decoded, and the scores are the same bits") {
    for (const bool is_channel : {true, false}) {
        CAPTURE(is_channel);
        const std::vector<ScoreRequest> requests = is_channel ? channel_requests(4) : direct_requests(0, 6);
        Scorer scorer(demo_model());
        const std::vector<double> first = scorer.score(requests, {1}, kNever);
        const uint64_t n_first = scorer.n_decoded();
        const size_t n_kept = scorer.n_kept();
        CHECK(n_kept >= (is_channel ? 300 : 100));
        CHECK(scorer.score(requests, {1}, kNever) == first);
        CHECK(scorer.n_decoded() - n_first == n_first - n_kept);
        CHECK(scorer.n_kept() == n_kept);
        for (size_t i = 0; i < requests.size(); ++i) {
            const int n_tokens = static_cast<int>(requests[i].tokens.size()) - requests[i].n_prompt;
            // of a quantised model, behind a hundred tokens that each differ a little
            CHECK(std::fabs(first[i] - score_alone(requests[i])) <= 0.1 * n_tokens);
        }
    }
}

TEST_CASE("scores are the same bits, whatever was scored before, with however many threads") {
    const std::vector<std::vector<ScoreRequest>> calls = {
        channel_requests(3), direct_requests(0, 4), direct_requests(7, 2), channel_requests(1), direct_requests(0, 1)};
    std::vector<std::vector<double>> fresh;
    for (const auto & requests : calls) fresh.push_back(scores_of(requests));
    Scorer scorer(demo_model());
    Random random(2);
    for (int i = 0; i < 20; ++i) {
        const int c = random.below(static_cast<int>(calls.size()));
        CHECK(scorer.score(calls[c], {1 + i % 2}, kNever) == fresh[c]);
    }
}

TEST_CASE("what is kept is bounded in tokens, and in bytes where a token takes many") {
    ModelInfo info;
    for (const auto & [bytes, tokens] : std::vector<std::pair<uint64_t, size_t>>{
             {0, 8192}, {12'288, 8192}, {32'768, 8192}, {131'072, 2048}, {524'288, 512}, {1ull << 40, 0}}) {
        info.kv_bytes_per_token = bytes;
        CHECK(kept_tokens(info) == tokens);
    }
}

TEST_CASE("what is kept stays within its bound, and a beginning that came long ago is decoded again") {
    Scorer scorer(demo_model());
    const auto request = [](int i) {
        ScoreRequest out{std::vector<int32_t>(901, 300 + i), 900};
        return std::vector<ScoreRequest>{out};
    };
    const std::vector<double> first = scorer.score(request(0), {1}, kNever);
    for (int i = 1; i < 12; ++i) {
        scorer.score(request(i), {1}, kNever);
        CHECK(scorer.n_kept() <= kept_tokens(demo_model()->info()));
    }
    CHECK(scorer.n_kept() == 9 * 899);
    const uint64_t n_decoded = scorer.n_decoded();
    scorer.score(request(11), {1}, kNever);
    CHECK(scorer.n_decoded() == n_decoded + 1);  // the last token of the prompt
    CHECK(scorer.score(request(0), {1}, kNever) == first);
    CHECK(scorer.n_decoded() == n_decoded + 1 + 900);
}

TEST_CASE("calls from several threads take turns") {
    Scorer scorer(demo_model());
    const std::vector<ScoreRequest> a = channel_requests(2), b = direct_requests(0, 3);
    const std::vector<double> of_a = scores_of(a), of_b = scores_of(b);
    std::thread other([&] {
        for (int i = 0; i < 3; ++i) CHECK(scorer.score(a, {1}, kNever) == of_a);
    });
    for (int i = 0; i < 3; ++i) CHECK(scorer.score(b, {1}, kNever) == of_b);
    other.join();
}
