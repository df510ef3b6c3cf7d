// Slots of the KV cache: what is in one must not depend on which one it is, or on how it came there.
#include "engine/context.h"

#include <doctest/doctest.h>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

const std::atomic<bool> kNever{false};

const char * const kTexts[] = {"Definition of an animal: small burrowing",
                               "Definition of a plant:", "Definition of a food: a sweet"};

std::vector<int32_t> tokens_of(int text) { return demo_model()->vocabulary().tokenize({{kTexts[text], false}}); }

Context context_of(int n_slots, int n_batch = 512) {
    return Context(demo_model(), {n_slots, /*n_stored=*/0, /*slot_size=*/256, n_batch, /*n_threads=*/1}, kNever);
}

void prefill(Context & context, int slot, int text) {
    const std::vector<int32_t> tokens = tokens_of(text);
    context.prefill(slot, tokens.data(), 0, static_cast<int>(tokens.size()) - 1);
}

// Decodes the last token of each text, slot by slot, and returns the logits of all of them.
std::vector<float> step(Context & context, const std::vector<int> & texts) {
    std::vector<int32_t> tokens, positions;
    for (const int text : texts) {
        tokens.push_back(tokens_of(text).back());
        positions.push_back(static_cast<int32_t>(tokens_of(text).size()) - 1);
    }
    const LogitsView view = context.step(tokens.data(), positions.data(), static_cast<int>(texts.size())).host;
    CHECK(view.n_rows == static_cast<int>(texts.size()));
    CHECK(view.n_vocab == 3072);
    std::vector<float> out;
    for (int m = 0; m < view.n_rows; ++m) out.insert(out.end(), view.row(m), view.row(m) + view.n_vocab);
    return out;
}

}  // namespace

TEST_CASE("a row that moved into another slot has the logits of one that was there from the start, bit for bit") {
    Context moved = context_of(3);
    for (int slot = 0; slot < 3; ++slot) prefill(moved, slot, slot);
    moved.move(2, 0);

    Context put = context_of(3);
    prefill(put, 0, 2);
    prefill(put, 1, 1);
    CHECK(step(moved, {2, 1}) == step(put, {2, 1}));
}

TEST_CASE("a cleared slot takes the next row as a new one does") {
    Context used = context_of(2);
    prefill(used, 0, 0);
    prefill(used, 1, 1);
    step(used, {0, 1});
    used.clear(1);
    used.clear(0);
    prefill(used, 0, 2);

    Context fresh = context_of(2);
    prefill(fresh, 0, 2);
    CHECK(step(used, {2}) == step(fresh, {2}));
}

TEST_CASE("a step is one graph, and so is each batch of a prompt") {
    Context context = context_of(2, /*n_batch=*/4);
    prefill(context, 0, 1);
    const auto n_prompt = static_cast<long>(tokens_of(1).size()) - 1;
    CHECK(context.n_graphs() == (n_prompt + 3) / 4);
    prefill(context, 1, 1);
    const long before = context.n_graphs();
    step(context, {1, 1});
    CHECK(context.n_graphs() == before + 1);
}

TEST_CASE("where llama.cpp splits a step the logits are its own copy, from that step on") {
    Context whole = context_of(3), split(demo_model(), {3, 0, 256, 512, 1, "f16", "", /*n_graph=*/1}, kNever);
    const auto begin = [](Context & context) {
        for (int slot = 0; slot < 3; ++slot) {
            context.clear(slot);
            prefill(context, slot, slot);
        }
    };
    begin(split);
    step(split, {0, 1});
    CHECK(split.n_bytes_copied() == 0);
    CHECK(split.why_copied() == "");

    begin(whole);
    const std::vector<float> expected = step(whole, {0, 1, 2});
    for (uint64_t steps = 1; steps <= 2; ++steps) {  // of which the first is decoded again
        begin(split);
        const std::vector<float> got = step(split, {0, 1, 2});
        CHECK(split.n_bytes_copied() == steps * 3 * 3072 * sizeof(float));
        CHECK(split.why_copied() == "llama.cpp computed 1 of 3 rows of logits together");
        for (size_t i = 0; i < got.size(); ++i) {
            INFO(i);
            REQUIRE(got[i] == doctest::Approx(expected[i]).epsilon(1e-3));
        }
    }
}

TEST_CASE("rows of equal text have equal logits") {
    Context context = context_of(3);
    for (int slot = 0; slot < 3; ++slot) prefill(context, slot, 1);
    const std::vector<float> logits = step(context, {1, 1, 1});
    CHECK(std::equal(logits.begin(), logits.begin() + 3072, logits.begin() + 3072));
    CHECK(std::equal(logits.begin(), logits.begin() + 3072, logits.begin() + 2 * 3072));
}

TEST_CASE("more memory than there is is refused, with the figures") {
    try {
        const Context context(demo_model(), {256, 0, 1 << 30, 512, 1}, kNever);
        FAIL("it was set up");
    } catch (const EngineError & error) {
        CHECK(error.code() == ErrorCode::kOutOfMemory);
        CHECK(std::string(error.what()).find("256 rows of 1073741824 tokens") != std::string::npos);
    }
}

TEST_CASE("a batch of any size is one of a row at most, and a row of any size is counted without wrapping") {
    Context largest = context_of(2, INT32_MAX), usual = context_of(2);
    for (Context * context : {&largest, &usual}) {
        prefill(*context, 0, 0);
        prefill(*context, 1, 1);
    }
    CHECK(step(largest, {0, 1}) == step(usual, {0, 1}));

    try {
        const Context context(demo_model(), {1, 0, INT32_MAX, 512, 1}, kNever);
        FAIL("it was set up");
    } catch (const EngineError & error) {
        CHECK(error.code() == ErrorCode::kOutOfMemory);
        CHECK(std::string(error.what()) ==
              "Cannot set up 1 rows of 2147483648 tokens (KV cache of 7864320 MiB): llama.cpp counts the tokens of a "
              "context in 31 bits");
    }
}
