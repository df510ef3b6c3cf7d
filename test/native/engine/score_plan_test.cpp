// Which requests share a tree and a beginning: token 1 and 2 fill what prompts share, 100 and more make them different.
#include "engine/score_plan.h"

#include <doctest/doctest.h>

#include "engine/score_tree.h"
#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// A prompt of `shared` tokens 1, then `own` tokens `name`, then the last one, which a tree decodes; then a text.
ScoreRequest request(int shared, int own, int32_t name, int text, int32_t letter = 7) {
    ScoreRequest out;
    out.tokens.assign(shared, 1);
    out.tokens.insert(out.tokens.end(), own, name);
    out.tokens.push_back(2);
    out.n_prompt = static_cast<int>(out.tokens.size());
    out.tokens.insert(out.tokens.end(), text, letter);
    return out;
}

struct Expected {
    size_t first, end;
    int from, shared;
};

void check(const std::vector<ScoreRequest> & requests, const std::vector<Expected> & expected) {
    const std::vector<ScoreTree> trees = plan_trees(requests);
    REQUIRE(trees.size() == expected.size());
    for (size_t i = 0; i < trees.size(); ++i) {
        CAPTURE(i);
        CHECK(trees[i].first == expected[i].first);
        CHECK(trees[i].end == expected[i].end);
        CHECK(trees[i].from == expected[i].from);
        CHECK(trees[i].shared == expected[i].shared);
    }
}

}  // namespace

TEST_CASE("a tree fills the cells that its queries scan anyway, and has 128 tokens at least") {
    CHECK(tree_room(0) == 256);
    CHECK(tree_room(128) == 128);
    CHECK(tree_room(129) == 383);
    CHECK(tree_room(300) == 212);
}

TEST_CASE("few long prompts, many texts: each prompt is a beginning, whole") {
    std::vector<ScoreRequest> requests;
    for (int32_t name : {100, 101, 102}) {
        for (int32_t letter : {7, 8, 9}) requests.push_back(request(20, 279, name, 40, letter));
    }
    check(requests, {{0, 3, 299, 0}, {3, 6, 299, 0}, {6, 9, 299, 0}});
}

TEST_CASE("one long beginning, many prompts with few short texts: they share trees behind it") {
    std::vector<ScoreRequest> requests;
    for (int32_t name : {100, 101, 102, 103}) {
        for (int32_t letter : {7, 8}) requests.push_back(request(300, 40, name, 2, letter));
    }
    check(requests, {{0, 8, 300, 0}});  // 4 * (41 + 2) tokens, 212 have room
    for (int32_t name : {104, 105}) requests.push_back(request(300, 40, name, 2));
    check(requests, {{0, 8, 300, 0}, {8, 10, 300, 0}});
}

TEST_CASE("a long beginning, and prompts with many tokens of their own: both are kept") {
    check({request(300, 70, 100, 2), request(300, 70, 101, 2), request(300, 10, 102, 2)},
          {{0, 1, 370, 300}, {1, 2, 370, 300}, {2, 3, 300, 0}});
}

TEST_CASE("short prompts have no beginning that is worth keeping") {
    check({request(5, 20, 100, 3), request(5, 20, 101, 3), request(0, 30, 102, 3)}, {{0, 3, 0, 0}});
    check({request(0, 63, 100, 3)}, {{0, 1, 0, 0}});
    check({request(0, 64, 100, 3)}, {{0, 1, 64, 0}});
}

TEST_CASE("two tasks in one list: each has its beginning, and so has a pair that is closer than its neighbours") {
    const ScoreRequest a = request(0, 30, 100, 3);
    const std::vector<ScoreRequest> other = {request(200, 5, 101, 1), request(200, 5, 102, 1), request(200, 5, 103, 1)};
    check({a, other[0], other[1], other[2]}, {{0, 1, 0, 0}, {1, 4, 200, 0}});
    check({other[0], other[1], request(120, 150, 104, 1), request(120, 150, 105, 1)},
          {{0, 2, 200, 0}, {2, 3, 270, 120}, {3, 4, 270, 120}});
}

TEST_CASE(
    "plans of random lists hold every request once, in order, behind tokens that all of a tree have before texts") {
    Random random(11);
    for (int i = 0; i < 300; ++i) {
        std::vector<ScoreRequest> requests;
        const int n_groups = 1 + random.below(12);
        for (int g = 0; g < n_groups; ++g) {
            const int shared = random.pick<int>({0, 30, 100, 200}), own = random.below(150);
            for (int k = 1 + random.below(4); k > 0; --k)
                requests.push_back(request(shared, own, 100 + g, random.below(80), 7 + random.below(3)));
        }
        size_t next = 0;
        for (const ScoreTree & tree : plan_trees(requests)) {
            CHECK(tree.first == next);
            CHECK(tree.end > tree.first);
            CHECK(tree.end - tree.first <= kMaxTogether);
            CHECK((tree.from == 0 || tree.from >= kWorthKeeping));
            CHECK((tree.shared == 0 || (tree.shared >= kWorthKeeping && tree.from - tree.shared >= kWorthKeeping)));
            for (size_t r = tree.first; r < tree.end; ++r) {
                CHECK(n_before(requests[r]) >= tree.from);
                CHECK(n_common(requests[r].tokens, requests[tree.first].tokens) >= tree.from);
            }
            next = tree.end;
        }
        CHECK(next == requests.size());
    }
}
