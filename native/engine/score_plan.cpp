#include "engine/score_plan.h"

#include <algorithm>

#include "engine/score_tree.h"

namespace corrsynth {
namespace {

constexpr int kCells = 256;      // that a query scans are a multiple of these, whoever they belong to
constexpr int kLeastRoom = 128;  // fewer tokens in a batch keep the processor's registers waiting for weights

// Requests of one prompt.
struct PromptGroup {
    size_t first, end;
    int n;  // tokens before its texts
};

std::vector<PromptGroup> group_by_prompt(const std::vector<ScoreRequest> & requests) {
    std::vector<PromptGroup> groups;
    for (size_t i = 0; i < requests.size(); ++i) {
        const ScoreRequest & request = requests[i];
        const bool is_new = groups.empty() || requests[i - 1].n_prompt != request.n_prompt ||
                            n_common(requests[i - 1].tokens, request.tokens) < request.n_prompt;
        if (is_new) groups.push_back({i, i, n_before(request)});
        groups.back().end = i + 1;
    }
    return groups;
}

class Planner {
  public:
    explicit Planner(const std::vector<ScoreRequest> & requests)
        : requests_(requests), groups_(group_by_prompt(requests)) {}

    std::vector<ScoreTree> plan() {
        for (size_t g = 0; g < groups_.size();) {
            const size_t end = run_end(g);
            const int shared = end - g > 1 && n_shared_ >= kWorthKeeping ? n_shared_ : 0;
            while (g < end) {
                const size_t first = g;
                if (has_own(groups_[g], shared)) {
                    cut(groups_[g].first, groups_[g].end, groups_[g].n, shared);
                    ++g;
                    continue;
                }
                while (g < end && !has_own(groups_[g], shared)) ++g;
                cut(groups_[first].first, groups_[g - 1].end, shared, 0);
            }
        }
        return std::move(trees_);
    }

  private:
    static bool has_own(const PromptGroup & group, int shared) { return group.n - shared >= kWorthKeeping; }

    // The prompts from g on that begin alike. The run ends where what is common to all would fall by as much as is
    // worth keeping, and before a prompt that has so much more in common with the next one.
    size_t run_end(size_t g) {
        n_shared_ = groups_[g].n;
        size_t end = g + 1;
        for (; end < groups_.size(); ++end) {
            const int n = std::min(n_shared_, n_alike(end - 1));
            if (end > g + 1 && n <= n_shared_ - kWorthKeeping) break;
            if (end + 1 < groups_.size() && n_alike(end) >= n + kWorthKeeping) break;
            n_shared_ = n;
        }
        return end;
    }

    // Tokens that the prompts of the g-th group and of the next one begin with.
    int n_alike(size_t g) const {
        const PromptGroup & a = groups_[g];
        const PromptGroup & b = groups_[g + 1];
        return std::min({a.n, b.n, n_common(requests_[a.first].tokens, requests_[b.first].tokens)});
    }

    void cut(size_t first, size_t end, int from, int shared) {
        while (first < end) {
            const size_t n = n_together(first, end, from);
            trees_.push_back({first, first + n, from, shared});
            first += n;
        }
    }

    size_t n_together(size_t first, size_t end, int from) const {
        const int room = tree_room(from);
        int n_tokens = 0;
        size_t n = 0;
        for (; first + n < end && n < kMaxTogether; ++n) {
            n_tokens += n_added(n > 0 ? &requests_[first + n - 1] : nullptr, requests_[first + n], from);
            if (n > 0 && n_tokens > room) break;
        }
        return n;
    }

    const std::vector<ScoreRequest> & requests_;
    const std::vector<PromptGroup> groups_;
    int n_shared_ = 0;  // tokens that all prompts of the run begin with
    std::vector<ScoreTree> trees_;
};

}  // namespace

int tree_room(int from) { return (from + kLeastRoom + kCells - 1) / kCells * kCells - from; }

std::vector<ScoreTree> plan_trees(const std::vector<ScoreRequest> & requests) { return Planner(requests).plan(); }

}  // namespace corrsynth
