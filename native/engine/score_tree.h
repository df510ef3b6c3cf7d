// Requests that are scored together, as a tree of tokens: what several of them begin with stands once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/score_request.h"

namespace corrsynth {

// A token at a position.
struct ScoreNode {
    int32_t token;
    int position;
    bool has_output = false;        // some request's next token is of its text
    std::vector<int32_t> requests;  // that have it there
    std::vector<int32_t>
        branches;  // numbers from 0 of the paths through it, from the beginning to a node that ends one
};

// How many tokens two requests begin with alike.
int n_common(const std::vector<int32_t> & a, const std::vector<int32_t> & b);

// The tokens of the requests from position `from` on, each but its last one (nothing is asked after that); parents
// before children, so that any cut of the list can be decoded in order. A request shares nodes with the one before it
// in the list, so requests that begin alike should stand together.
std::vector<ScoreNode> tree_nodes(const ScoreRequest * requests, size_t n_requests, int from);

// How many nodes the next request of the list adds to a tree that ends with `last`.
int n_added(const ScoreRequest * last, const ScoreRequest & next, int from);

// Whether the request's text has a token right after this position.
inline bool scores_after(const ScoreRequest & request, int position) {
    return position >= request.n_prompt - 1 && position + 1 < static_cast<int>(request.tokens.size());
}

}  // namespace corrsynth
