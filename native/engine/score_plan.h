// Which requests are decoded together, and after which beginning, one that they have in common and that is kept.
#pragma once
#include <cstddef>
#include <vector>

#include "engine/score_request.h"

namespace corrsynth {

constexpr int kWorthKeeping = 64;  // tokens: a shorter beginning is decoded with what comes after it
constexpr int kMaxTogether = 128;  // requests of a tree, a sequence each

// A part of a list of requests, decoded as one tree behind what all of them begin with.
struct ScoreTree {
    size_t first = 0, end = 0;
    int from = 0;    // tokens of the beginning: 0, or at least kWorthKeeping
    int shared = 0;  // of them, those that the requests of other trees begin with too: a beginning of its own, or 0
};

// Cuts a list in which requests with the same prompt stand together, and prompts that begin alike.
//
// A prompt is a beginning by itself where it has kWorthKeeping tokens of its own (a few long prompts, many texts);
// prompts that differ in less share a tree behind what all of them begin with (one long beginning, many prompts with a
// few short texts). The list alone decides, not what is in the cache: so a request has the same score, bit for bit,
// whatever was scored before.
std::vector<ScoreTree> plan_trees(const std::vector<ScoreRequest> & requests);

// Tokens of a tree that begins at `from`; it has more only where a single request has.
int tree_room(int from);

}  // namespace corrsynth
