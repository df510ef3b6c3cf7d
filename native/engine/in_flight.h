// A group in flight: the slots of its rows, and its part of a step.
#pragma once
#include <vector>

#include "backends/backend.h"
#include "engine/group.h"

namespace corrsynth {

// What is told of each token besides itself.
struct Extras {
    bool log_probs = false;
    bool contrast_norms = false;  // from the logits of the row's partners
    // one row of one group, step by step
    bool trace = false;
    uint64_t traced_group = 0;
    int traced_row = 0;
    int n_likely = 0;  // most likely tokens that are told of each step
};

// Rows that a step drew for.
struct Tally {
    int generated = 0;
    int uncontrasted = 0;       // with every contrast set of the row empty, though it has some
    int partly_contrasted = 0;  // with some of them empty
};

class InFlight {
  public:
    InFlight(const GroupShape & shape, GroupRequest request)
        : group(shape, std::move(request)),
          slots(shape.n_rows(), -1),
          n_generating_(shape.n_generating),
          drawn_(shape.n_rows()),
          log_probs_(shape.n_rows()),
          contrast_norms_(shape.n_rows()) {}

    // What a backend needs for this group's part of a step, and where it puts the tokens. Valid until the group moves
    // on. n_layers: earlier layers in the second matrix, of layer_rows rows each; 0 where it holds none.
    GroupDraw to_draw(const Extras & extras, int n_layers, int layer_rows);

    // Moves on by the tokens that were drawn. Touches nothing but this group, so groups may do it side by side.
    // sets_of_row: [n_rows] contrast sets that each row has.
    void accept(const RowLimits & limits, const Vocabulary & vocabulary, const std::vector<int> & sets_of_row,
                const Extras & extras);

    Group group;
    std::vector<int> slots;  // [n_rows] in the context of the row's source; -1 of an absent row; of a layer row, that
                             // of the row it follows
    // what the latest step came to
    Tally tally;
    std::vector<int> ended;  // rows that ended with it

  private:
    void count(const std::vector<int> & sets_of_row);
    bool is_traced(const Extras & extras) const;
    int n_generating_;
    std::vector<int32_t> drawn_;          // [n_rows]
    std::vector<double> log_probs_;       // [n_rows]
    std::vector<double> contrast_norms_;  // [n_rows]
    StepTrace trace_;
};

}  // namespace corrsynth
