// A group in flight: the slots of its rows, and its part of a step.
#pragma once
#include <vector>

#include "engine/group.h"
#include "sampling/sample_step.h"

namespace corrsynth {

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
          log_probs_(shape.n_rows()) {}

    // Draws a token for every row that runs, from logits in slot order, and moves on. Touches nothing but this group,
    // so groups are drawn for side by side. sets_of_row: [n_rows] contrast sets that each row has.
    void draw(const StepParams & params, const RowLimits & limits, const Vocabulary & vocabulary,
              const std::vector<int> & sets_of_row, bool with_log_probs, LogitsView logits, StepScratch & scratch);

    Group group;
    std::vector<int> slots;  // [n_rows]
    // what the latest step came to
    StepResult outcome;
    Tally tally;
    std::vector<int> ended;  // rows that ended with it

  private:
    void count(const std::vector<int> & sets_of_row);
    int n_generating_;
    std::vector<int32_t> drawn_;     // [n_rows]
    std::vector<double> log_probs_;  // [n_rows]
};

}  // namespace corrsynth
