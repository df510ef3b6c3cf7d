#include "engine/score_tree.h"

#include <algorithm>
#include <cstdint>

namespace corrsynth {
namespace {

// Positions that are decoded: all but the last.
int n_decoded(const ScoreRequest & request) { return static_cast<int>(request.tokens.size()) - 1; }

constexpr size_t kNone = SIZE_MAX;

// A request whose last node is inner, or another's as well, needs no branch of its own.
void add_branches(const std::vector<size_t> & last_nodes, const std::vector<bool> & is_inner,
                  std::vector<ScoreNode> & nodes) {
    std::vector<int32_t> branch_of(last_nodes.size(), -1);
    int32_t n_branches = 0;
    for (size_t s = 0; s < last_nodes.size(); ++s) {
        const size_t node = last_nodes[s];
        const bool ends_here = node != kNone && !is_inner[node] && nodes[node].requests[0] == static_cast<int32_t>(s);
        if (ends_here) branch_of[s] = n_branches++;
    }
    for (ScoreNode & node : nodes) {
        for (const int32_t s : node.requests) {
            if (branch_of[s] >= 0) node.branches.push_back(branch_of[s]);
        }
    }
}

}  // namespace

int n_common(const std::vector<int32_t> & a, const std::vector<int32_t> & b) {
    const size_t n = std::min(a.size(), b.size());
    return static_cast<int>(std::mismatch(a.begin(), a.begin() + n, b.begin()).first - a.begin());
}

std::vector<ScoreNode> tree_nodes(const ScoreRequest * requests, size_t n_requests, int from) {
    std::vector<ScoreNode> nodes;
    std::vector<size_t> path;        // nodes of the request before, by position
    std::vector<size_t> last_nodes;  // of each request, or kNone
    std::vector<bool> is_inner;      // by node: another one comes after it
    const ScoreRequest * last = nullptr;
    for (size_t s = 0; s < n_requests; ++s) {
        const ScoreRequest & request = requests[s];
        const int n_shared =
            last ? std::min(n_common(last->tokens, request.tokens) - from, n_decoded(request) - from) : 0;
        path.resize(std::min(path.size(), static_cast<size_t>(std::max(n_shared, 0))));
        for (int position = from; position < n_decoded(request); ++position) {
            const size_t depth = position - from;
            if (depth == path.size()) {
                if (depth > 0) is_inner[path.back()] = true;
                path.push_back(nodes.size());
                nodes.push_back({request.tokens[position], position, false, {}, {}});
                is_inner.push_back(false);
            }
            ScoreNode & node = nodes[path[depth]];
            node.requests.push_back(static_cast<int32_t>(s));
            node.has_output = node.has_output || scores_after(request, position);
        }
        last_nodes.push_back(path.empty() ? kNone : path.back());
        last = &request;
    }
    add_branches(last_nodes, is_inner, nodes);
    return nodes;
}

int n_added(const ScoreRequest * last, const ScoreRequest & next, int from) {
    const int shared = last ? std::min(n_common(last->tokens, next.tokens), n_decoded(*last)) : from;
    return std::max(0, n_decoded(next) - std::max(shared, from));
}

}  // namespace corrsynth
