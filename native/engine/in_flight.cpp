#include "engine/in_flight.h"

namespace corrsynth {

void InFlight::draw(const StepParams & params, const RowLimits & limits, const Vocabulary & vocabulary,
                    const std::vector<int> & sets_of_row, bool with_log_probs, LogitsView logits,
                    StepScratch & scratch) {
    logits.n_rows = group.n_rows();
    logits.row_index = slots.data();
    const StepInput input{logits, &group.weights(), group.draws().data(), group.index(), group.step()};
    double * log_probs = with_log_probs ? log_probs_.data() : nullptr;
    outcome = sample_step(params, vocabulary.mask(), input, scratch, drawn_.data(), log_probs);
    if (outcome.status != StepStatus::kOk) return;
    count(sets_of_row);
    group.accept(drawn_.data(), log_probs, vocabulary, limits, ended);
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
