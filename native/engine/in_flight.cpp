#include "engine/in_flight.h"

namespace corrsynth {

GroupDraw InFlight::to_draw(const Extras & extras, int n_layers, int layer_rows) {
    for (int m = group.n_prompts(); m < group.n_rows(); ++m) slots[m] = slots[group.follows(m)];
    GroupDraw out;
    if (n_layers > 0) {
        out.input.n_layers = n_layers;
        out.input.layer_rows = layer_rows;
    }
    out.input.logits.n_rows = group.n_rows();
    out.input.logits.row_index = slots.data();
    out.input.logits.source = group.sources();
    out.input.weights = &group.weights();
    out.input.draws = group.draws().data();
    out.input.group = group.index();
    out.input.step = group.step();
    out.tokens = drawn_.data();
    out.log_probs = extras.log_probs ? log_probs_.data() : nullptr;
    out.contrast_norms = extras.contrast_norms ? contrast_norms_.data() : nullptr;
    if (is_traced(extras)) {
        out.trace = &trace_;
        out.traced_row = extras.traced_row;
        out.n_likely = extras.n_likely;
    }
    return out;
}

void InFlight::accept(const RowLimits & limits, const Vocabulary & vocabulary, const std::vector<int> & sets_of_row,
                      const Extras & extras) {
    count(sets_of_row);
    if (extras.contrast_norms) group.keep_contrast_norms(contrast_norms_.data());
    if (is_traced(extras)) group.keep_trace(std::move(trace_), vocabulary);
    group.accept(drawn_.data(), extras.log_probs ? log_probs_.data() : nullptr, vocabulary, limits, ended);
}

bool InFlight::is_traced(const Extras & extras) const {
    return extras.trace && group.index() == extras.traced_group && group.draws()[extras.traced_row];
}

void InFlight::count(const std::vector<int> & sets_of_row) {
    tally = {};
    for (int m = 0; m < n_generating_; ++m) {
        if (!group.draws()[m]) continue;
        tally.generated++;
        const int empty = group.weights().empty_sets[m];
        if (empty > 0) (empty == sets_of_row[m] ? tally.uncontrasted : tally.partly_contrasted)++;
    }
}

}  // namespace corrsynth
