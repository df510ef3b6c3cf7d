// What is copied instead of decoded, and that it is the same.
#include "engine/prompt_cache.h"

#include <doctest/doctest.h>

#include <numeric>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

using Prompts = std::vector<std::vector<int32_t>>;

const std::atomic<bool> kNever{false};

// Tokens by number: a run of n tokens from the given one on.
std::vector<int32_t> run_of(int32_t first, int n) {
    std::vector<int32_t> out;
    for (int i = 0; i < n; ++i) out.push_back(first + i);
    return out;
}

std::vector<int32_t> joined(std::vector<int32_t> a, const std::vector<int32_t> & b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Context context_of(int n_slots, int n_stored) {
    return Context(demo_model(), {n_slots, n_stored, /*slot_size=*/256, /*n_batch=*/512, /*n_threads=*/1}, kNever);
}

// All of a group's prompts, a few tokens at a time. Returns how many were decoded.
int fill(PromptCache & cache, const Prompts & prompts, const std::vector<int> & slots, int n_at_once = 512,
         const Prompts & cuts = {}) {
    int n_decoded = 0;
    std::vector<int> rows(prompts.size());
    std::iota(rows.begin(), rows.end(), 0);
    for (cache.begin(prompts, cuts, slots, rows); !cache.is_done();) {
        const int n = cache.advance(n_at_once);
        CHECK(n <= n_at_once + (cuts.empty() ? 0 : 512));
        n_decoded += n;
    }
    return n_decoded;
}

std::vector<float> logits_of(Context & context, const Prompts & prompts) {
    std::vector<int32_t> tokens, positions;
    for (const auto & prompt : prompts) {
        tokens.push_back(prompt.back());
        positions.push_back(static_cast<int32_t>(prompt.size()) - 1);
    }
    const LogitsView view = context.step(tokens.data(), positions.data(), static_cast<int>(prompts.size())).host;
    std::vector<float> out;
    for (int m = 0; m < view.n_rows; ++m) out.insert(out.end(), view.row(m), view.row(m) + view.n_vocab);
    return out;
}

}  // namespace

TEST_CASE("of what rows of a group share, each token is decoded once") {
    const std::vector<int32_t> shared = run_of(300, 20);
    const Prompts equal = {run_of(300, 20), run_of(300, 20), run_of(300, 20)};
    const Prompts branched = {joined(shared, run_of(500, 10)), joined(shared, run_of(600, 5)), run_of(700, 12)};
    const Prompts little = {run_of(300, 5), run_of(300, 5)};  // below what is worth a copy
    struct {
        const Prompts & prompts;
        int decoded;  // the last token of a prompt is left to the first step
    } const cases[] = {{equal, 19}, {branched, 29 + 4 + 11}, {little, 8}};
    for (const auto & c : cases) {
        Context context = context_of(3, 0);
        PromptCache cache(context);
        CHECK(fill(cache, c.prompts, {0, 1, 2}) == c.decoded);
    }
}

TEST_CASE("a copied prompt has the logits of a decoded one, bit for bit") {
    const Prompts prompts = {run_of(300, 20), run_of(300, 20), run_of(300, 20)};
    Context copied = context_of(3, 0);
    PromptCache cache(copied);
    fill(cache, prompts, {0, 1, 2});
    Context decoded = context_of(3, 0);
    for (int slot = 0; slot < 3; ++slot) decoded.prefill(slot, prompts[slot].data(), 0, 19);
    CHECK(logits_of(copied, prompts) == logits_of(decoded, prompts));
}

TEST_CASE("a slot is cut where its copy stops being the same") {
    Context context = context_of(2, 0);
    const std::vector<int32_t> shared = run_of(300, 20);
    const Prompts prompts = {joined(shared, run_of(500, 10)), joined(shared, run_of(600, 5))};
    PromptCache cache(context);
    fill(cache, prompts, {0, 1});
    Context decoded = context_of(2, 0);
    for (int slot = 0; slot < 2; ++slot) {  // in the same two batches as the copy had them
        decoded.prefill(slot, prompts[slot].data(), 0, slot == 0 ? 29 : 20);
        if (slot == 1) decoded.prefill(slot, prompts[slot].data(), 20, 24);
    }
    const std::vector<float> a = logits_of(context, prompts), b = logits_of(decoded, prompts);
    for (size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-3));
}

TEST_CASE("stored prompts serve later groups, after the rows that had them are gone") {
    Context context = context_of(2, 2);
    PromptCache cache(context);
    const Prompts prompts = {run_of(300, 20), run_of(400, 30)};
    CHECK(fill(cache, prompts, {0, 1}) == 19 + 29);
    const std::vector<float> first = logits_of(context, prompts);
    context.clear(1);
    context.clear(0);
    CHECK(fill(cache, prompts, {0, 1}) == 0);
    CHECK(logits_of(context, prompts) == first);
    context.clear(1);
    context.clear(0);
    CHECK(fill(cache, {run_of(300, 20), run_of(800, 25)}, {0, 1}) == 24);  // one is new
    context.clear(1);
    context.clear(0);
    CHECK(fill(cache, {run_of(800, 25), run_of(300, 20)}, {0, 1}) == 0);  // and found in another row's place
}

TEST_CASE("a row without a prompt is left out, and leaves what is stored of it") {
    Context context = context_of(3, 3);
    PromptCache cache(context);
    const Prompts prompts = {run_of(300, 20), run_of(400, 30), run_of(500, 10)};
    CHECK(fill(cache, prompts, {0, 1, 2}) == 19 + 29 + 9);
    for (const int slot : {2, 1, 0}) context.clear(slot);
    for (const Prompts & some : {Prompts{{}, run_of(400, 30), {}}, Prompts{run_of(300, 20), {}, run_of(500, 10)}}) {
        CHECK(fill(cache, some, {0, 1, 2}) == 0);
        for (const int slot : {2, 1, 0}) context.clear(slot);
    }
    CHECK(fill(cache, {{}, {}, run_of(600, 12)}, {-1, -1, 0}) == 11);
}

TEST_CASE("without stored slots a later group decodes its prompts again") {
    Context context = context_of(2, 0);
    PromptCache cache(context);
    const Prompts prompts = {run_of(300, 20), run_of(400, 30)};
    CHECK(fill(cache, prompts, {0, 1}) == 48);
    context.clear(1);
    context.clear(0);
    CHECK(fill(cache, prompts, {0, 1}) == 48);
}

TEST_CASE("prompts come in as few tokens at a time as asked for, over the borders of rows") {
    const Prompts prompts = {run_of(300, 20), run_of(400, 30), run_of(300, 20)};
    for (const int n_at_once : {1, 7, 19, 48, 100}) {
        Context context = context_of(3, 0);
        PromptCache cache(context);
        const std::vector<int> slots = {0, 1, 2}, rows = {0, 1, 2};
        const Prompts no_cuts;
        cache.begin(prompts, no_cuts, slots, rows);
        int n_calls = 0;
        while (!cache.is_done()) {
            CHECK(cache.advance(n_at_once) <= n_at_once);
            ++n_calls;
        }
        CHECK(n_calls == (19 + 29 + n_at_once - 1) / n_at_once);
        CHECK(context.n_graphs() >= n_calls);
    }
}

TEST_CASE("of a stored prompt a later group takes all or nothing") {
    Context context = context_of(1, 1);
    PromptCache cache(context);
    const Prompts first = {joined(run_of(300, 20), run_of(500, 10))},
                  second = {joined(run_of(300, 20), run_of(600, 10))};
    CHECK(fill(cache, first, {0}) == 29);
    context.clear(0);
    CHECK(fill(cache, second, {0}) == 29);  // though twenty tokens are the same
}

TEST_CASE("of prompts with cuts, the pieces that they begin with are found again, and whole ones only") {
    const std::vector<int32_t> first = run_of(300, 20), other = run_of(800, 20);
    const Prompts before = {joined(joined(first, run_of(400, 15)), run_of(500, 10))};
    struct {
        Prompts prompts, cuts;
        int decoded;
    } const cases[] = {
        {before, {{20, 35}}, 0},
        {{joined(joined(first, run_of(400, 15)), run_of(600, 12))}, {{20, 35}}, 11},  // both pieces
        {{joined(joined(first, run_of(450, 15)), run_of(500, 10))}, {{20, 35}}, 24},  // the first of them
        {{joined(joined(first, run_of(400, 12)), run_of(700, 9))},
         {{20, 32}},
         20},  // 12 tokens more, but no whole piece
        {{joined(joined(first, run_of(400, 15)), run_of(600, 12))}, {{19, 35}}, 46},  // the same tokens, cut elsewhere
        {{joined(joined(first, run_of(400, 15)), run_of(600, 12))}, {{}}, 46},        // and not cut at all
        {{joined(joined(other, run_of(400, 15)), run_of(500, 10))}, {{20, 35}}, 44},
    };
    for (const auto & c : cases) {
        Context context = context_of(1, 1);
        PromptCache cache(context);
        CHECK(fill(cache, before, {0}, 512, {{20, 35}}) == 44);
        context.clear(0);
        CHECK(fill(cache, c.prompts, {0}, 512, c.cuts) == c.decoded);
    }
}

TEST_CASE("a prompt with cuts has the same logits, bit for bit, whatever came before it and beside it") {
    const std::vector<int32_t> first = run_of(300, 40), second = run_of(400, 33);
    const Prompts before = {joined(joined(first, second), run_of(500, 30)), joined(first, run_of(900, 40))};
    const Prompts prompts = {joined(joined(first, second), run_of(600, 28)), joined(first, run_of(950, 37))};
    const Prompts cuts = {{40, 73}, {40}};
    const auto logits = [&](bool is_after, int n_at_once) {
        Context context = context_of(2, 2);
        PromptCache cache(context);
        if (is_after) {
            fill(cache, before, {0, 1}, n_at_once, cuts);
            for (const int slot : {1, 0}) context.clear(slot);
        }
        const int n = fill(cache, prompts, {0, 1}, n_at_once, cuts);
        CHECK(n == (is_after ? 27 + 36 : 100 + 36));
        return logits_of(context, prompts);
    };
    const std::vector<float> alone = logits(false, 512);
    for (const int n_at_once : {1, 7, 64, 512}) {
        CHECK(logits(true, n_at_once) == alone);
        CHECK(logits(false, n_at_once) == alone);
    }
}
