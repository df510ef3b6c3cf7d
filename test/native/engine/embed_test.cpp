// Embeddings: what they depend on, and that batching is not among it.
#include "engine/embed.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

const std::atomic<bool> kNever{false};
constexpr int kEmbd = 192;  // of the demo teacher

std::vector<std::vector<int32_t>> tokens_of(const std::vector<std::string> & texts) {
    std::vector<std::vector<int32_t>> out;
    for (const std::string & text : texts) out.push_back(demo_model()->vocabulary().tokenize({{text, false}}));
    return out;
}

std::vector<float> embedded(const std::vector<std::string> & texts, Pooling pooling, int max_tokens = 512) {
    return embed(*demo_model(), tokens_of(texts), {pooling, max_tokens, 1}, kNever);
}

double cosine(const float * a, const float * b) {
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < kEmbd; ++i) {
        ab += double(a[i]) * b[i];
        aa += double(a[i]) * a[i];
        bb += double(b[i]) * b[i];
    }
    return ab / std::sqrt(aa * bb);
}

}  // namespace

TEST_CASE("a text has the same embedding alone and among others, and another text another") {
    const std::vector<std::string> texts = {"small burrowing rodent", "a tall tree with white flowers and red fruit",
                                            "a sweet"};
    for (const Pooling pooling : {Pooling::kMean, Pooling::kLast}) {
        const std::vector<float> together = embedded(texts, pooling);
        CHECK(together.size() == 3 * kEmbd);
        for (size_t i = 0; i < texts.size(); ++i) {
            const std::vector<float> alone = embedded({texts[i]}, pooling);
            CHECK(std::equal(alone.begin(), alone.end(), &together[i * kEmbd]));  // bit for bit: it may be kept
        }
        CHECK(cosine(&together[0], &together[kEmbd]) < 0.99);
    }
}

TEST_CASE("one token pools to itself; of more, the mean is not the last") {
    const std::vector<std::vector<int32_t>> one = {{500}}, two = {{500, 900}};
    const auto of = [](const std::vector<std::vector<int32_t>> & texts, Pooling pooling) {
        return embed(*demo_model(), texts, {pooling, 512, 1}, kNever);
    };
    CHECK(cosine(of(one, Pooling::kMean).data(), of(one, Pooling::kLast).data()) > 0.9999);
    CHECK(cosine(of(two, Pooling::kMean).data(), of(two, Pooling::kLast).data()) < 0.999);
}

TEST_CASE("many batches, in order; a text beyond the limit is cut there") {
    std::vector<std::vector<int32_t>> texts;
    for (int i = 0; i < 200; ++i) texts.push_back(std::vector<int32_t>(1 + i % 40, 300 + i));
    const std::vector<float> all = embed(*demo_model(), texts, {Pooling::kLast, 512, 1}, kNever);
    CHECK(all.size() == 200 * kEmbd);
    for (const int i : {0, 63, 64, 127, 199}) {
        const std::vector<float> alone = embed(*demo_model(), {texts[i]}, {Pooling::kLast, 512, 1}, kNever);
        CHECK(std::equal(alone.begin(), alone.end(), &all[i * kEmbd]));
        // Two different texts of these are further apart than 1e-3.
        CHECK(cosine(alone.data(), &all[((i + 1) % 200) * kEmbd]) < 0.999);
    }
    const std::vector<float> cut =
        embed(*demo_model(), {std::vector<int32_t>(40, 339)}, {Pooling::kLast, 8, 1}, kNever);
    const std::vector<float> is8 =
        embed(*demo_model(), {std::vector<int32_t>(8, 339)}, {Pooling::kLast, 512, 1}, kNever);
    CHECK(cosine(cut.data(), is8.data()) > 0.9999);
}

TEST_CASE("the largest limit reads all of a text, and takes no more memory than the text needs") {
    const std::vector<std::vector<int32_t>> text = {std::vector<int32_t>(40, 339)};
    const std::vector<float> largest = embed(*demo_model(), text, {Pooling::kLast, INT32_MAX, 1}, kNever);
    CHECK(largest == embed(*demo_model(), text, {Pooling::kLast, 512, 1}, kNever));
}

TEST_CASE("none of none; a text without tokens and a stop are refused") {
    CHECK(embed(*demo_model(), {}, {}, kNever).empty());
    CHECK_THROWS_AS(embed(*demo_model(), {{300}, {}}, {}, kNever), EngineError);
    const std::atomic<bool> stopped{true};
    try {
        embed(*demo_model(), {{300}}, {}, stopped);
        FAIL("nothing was thrown");
    } catch (const EngineError & error) {
        CHECK(error.code() == ErrorCode::kCancelled);
    }
}
