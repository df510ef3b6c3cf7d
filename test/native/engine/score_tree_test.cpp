// The tokens of several requests as one tree, and its branches.
#include "engine/score_tree.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sampling/helpers.h"

using namespace corrsynth;
using namespace corrsynth_test;

TEST_CASE("a tree has what requests begin with once, and asks where a text goes on") {
    const ScoreRequest a{{1, 2, 3, 4}, 2}, b{{1, 2, 3, 5}, 3}, c{{1, 2, 6}, 2};
    const std::vector<ScoreRequest> requests = {a, b, c};
    const std::vector<ScoreNode> nodes = tree_nodes(requests.data(), 3, 1);
    REQUIRE(nodes.size() == 2);  // token 2 at position 1, token 3 at position 2: the last tokens are not decoded
    CHECK(nodes[0].token == 2);
    CHECK(nodes[0].position == 1);
    CHECK(nodes[0].requests == std::vector<int32_t>{0, 1, 2});
    CHECK(nodes[0].has_output);  // of a and c, whose texts begin after it
    CHECK(nodes[1].token == 3);
    CHECK(nodes[1].requests == std::vector<int32_t>{0, 1});
    CHECK(nodes[1].has_output);
    CHECK(nodes[0].branches == std::vector<int32_t>{0});  // of a, which goes on as b does; c ends where both go on
    CHECK(nodes[1].branches == std::vector<int32_t>{0});
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
            request.tokens[0] = 0;  // the beginning that they share
        }
        std::sort(requests.begin(), requests.end(),
                  [](const ScoreRequest & a, const ScoreRequest & b) { return a.tokens < b.tokens; });
        int n_nodes = 0;
        for (size_t s = 0; s < requests.size(); ++s)
            n_nodes += n_added(s > 0 ? &requests[s - 1] : nullptr, requests[s], 1);
        const std::vector<ScoreNode> nodes = tree_nodes(requests.data(), requests.size(), 1);
        CHECK(static_cast<int>(nodes.size()) == n_nodes);
        std::vector<std::vector<int32_t>> paths(requests.size());  // by branch
        for (const ScoreNode & node : nodes) {
            CHECK(!node.branches.empty());
            for (const int32_t b : node.branches) {
                CHECK(node.position == static_cast<int>(paths[b].size()) + 1);
                paths[b].push_back(node.token);
            }
        }
        paths.erase(std::remove_if(paths.begin(), paths.end(), [](const auto & path) { return path.empty(); }),
                    paths.end());
        CHECK(std::set<std::vector<int32_t>>(paths.begin(), paths.end()).size() == paths.size());
        for (size_t s = 0; s < requests.size(); ++s) {
            std::vector<int32_t> found(1, requests[s].tokens[0]);
            for (const ScoreNode & node : nodes) {
                if (std::count(node.requests.begin(), node.requests.end(), static_cast<int32_t>(s)) == 0) continue;
                CHECK(node.position == static_cast<int>(found.size()));
                found.push_back(node.token);
            }
            CHECK(found == std::vector<int32_t>(requests[s].tokens.begin(), requests[s].tokens.end() - 1));
        }
    }
}
