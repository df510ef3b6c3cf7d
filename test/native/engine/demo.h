// The demo teacher, loaded once, and a group exchange that runs a list of groups and keeps what comes back.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>

#include "engine/error.h"
#include "engine/generate.h"

namespace corrsynth_test {

inline std::shared_ptr<const corrsynth::Model> demo_model() {
    static const std::shared_ptr<const corrsynth::Model> model = corrsynth::Model::load(CORRSYNTH_DEMO_MODEL);
    return model;
}

inline std::vector<int32_t> prompt_for(const std::string & verbalization) {
    const std::string question = "Definition of " + verbalization + ":";
    return demo_model()->vocabulary().tokenize({{question + " rare and well known\n" + question, false}});
}

// Four labels, each `repeat` times, and their contrast sets of Hybrid; 0 leaves a kind of set out.
inline corrsynth::GroupShape hybrid_shape(int repeat, double intra, double cross) {
    corrsynth::GroupShape shape;
    shape.n_generating = 4 * repeat;
    for (int m = 0; m < shape.n_generating; ++m) shape.follows.push_back(m);
    shape.coupling.n_rows = shape.n_generating;
    for (int m = 0; m < shape.n_generating; ++m) {
        corrsynth::ContrastSet same{m, intra, {}}, other{m, cross, {}};
        for (int n = 0; n < shape.n_generating; ++n) {
            if (n != m) (n / repeat == m / repeat ? same : other).members.push_back(n);
        }
        if (intra > 0) shape.coupling.sets.push_back(same);
        if (cross > 0) shape.coupling.sets.push_back(other);
    }
    return shape;
}

inline corrsynth::GroupRequest group_request(const corrsynth::GroupShape & shape, uint64_t index) {
    static const char * const verbalizations[] = {"an animal", "a plant", "a food", "a person"};
    corrsynth::GroupRequest request{index, {}, {}};
    const int repeat = shape.n_generating / 4;
    for (int m = 0; m < shape.n_rows(); ++m) {
        request.prompts.push_back(prompt_for(verbalizations[(m % shape.n_generating) / repeat]));
    }
    return request;
}

inline corrsynth::GenerationOptions options_for(const corrsynth::GroupShape & shape, int groups_in_flight = 1) {
    corrsynth::GenerationOptions options;
    options.shape = shape;
    options.step.seed = 7;
    options.limits = {32, {"\n"}};
    options.context.n_slots = shape.n_rows() * groups_in_flight;
    options.context.slot_size = 256;
    return options;
}

class GroupList : public corrsynth::GroupExchange {
  public:
    GroupList(const corrsynth::GroupShape & shape, int n_groups) : shape_(shape), n_groups_(n_groups) {}

    bool next(corrsynth::GroupRequest & request) override {
        if (n_given_ == n_groups_) return false;
        request = group_request(shape_, n_given_++);
        for (int m = 0; without && m < shape_.n_rows(); ++m) {
            if (without(m)) request.prompts[m].clear();
        }
        if (n_rows > 0) request.prompts.resize(n_rows);
        return true;
    }
    void finished(corrsynth::GroupResult result) override { results[result.index] = std::move(result); }
    void progress(const corrsynth::Counters & counters) override {
        if (on_progress) on_progress(counters);
    }

    std::function<bool(int row)> without;  // rows that are absent; none where there is no function
    int n_rows = 0;                        // the first so many rows alone; 0: all
    std::map<uint64_t, corrsynth::GroupResult> results;
    std::function<void(const corrsynth::Counters &)> on_progress;

  private:
    const corrsynth::GroupShape & shape_;
    int n_groups_, n_given_ = 0;
};

struct Outcome {
    corrsynth::Counters counters;
    std::vector<std::string> texts;  // of all groups, by group and row
    std::vector<corrsynth::RowResult> rows;
};

inline Outcome run(const corrsynth::GenerationOptions & options, int n_groups) {
    GroupList groups(options.shape, n_groups);
    const std::atomic<bool> never{false};
    Outcome outcome{corrsynth::generate(demo_model(), options, groups, never), {}, {}};
    for (const auto & [index, result] : groups.results) {
        for (const corrsynth::RowResult & row : result.rows) {
            outcome.texts.push_back(row.text);
            outcome.rows.push_back(row);
        }
    }
    return outcome;
}

}  // namespace corrsynth_test
