#include "engine/score_tree.h"

#include <algorithm>

namespace corrsynth {
namespace {

// Positions that are decoded: all but the last.
int n_decoded(const ScoreRequest & request) { return static_cast<int>(request.tokens.size()) - 1; }

}  // namespace

int n_common(const std::vector<int32_t> & a, const std::vector<int32_t> & b) {
    const size_t n = std::min(a.size(), b.size());
    return static_cast<int>(std::mismatch(a.begin(), a.begin() + n, b.begin()).first - a.begin());
}

std::vector<ScoreNode> score_tree(const std::vector<const ScoreRequest *> & requests, int from) {
    std::vector<ScoreNode> nodes;
    std::vector<size_t> path;  // nodes of the request before, by position
    const ScoreRequest * last = nullptr;
    for (size_t s = 0; s < requests.size(); ++s) {
        const ScoreRequest & request = *requests[s];
        const int n_shared =
            last ? std::min(n_common(last->tokens, request.tokens) - from, n_decoded(request) - from) : 0;
        path.resize(std::min(path.size(), static_cast<size_t>(std::max(n_shared, 0))));
        for (int position = from; position < n_decoded(request); ++position) {
            const size_t depth = position - from;
            if (depth == path.size()) {
                path.push_back(nodes.size());
                nodes.push_back({request.tokens[position], position, false, {}});
            }
            ScoreNode & node = nodes[path[depth]];
            node.sequences.push_back(static_cast<int32_t>(s));
            node.has_output = node.has_output || scores_after(request, position);
        }
        last = &request;
    }
    return nodes;
}

int n_added(const ScoreRequest * last, const ScoreRequest & next, int from) {
    const int shared = last ? std::min(n_common(last->tokens, next.tokens), n_decoded(*last)) : from;
    return std::max(0, n_decoded(next) - std::max(shared, from));
}

}  // namespace corrsynth
