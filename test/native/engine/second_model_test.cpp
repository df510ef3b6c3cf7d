// Two models in lockstep: the demo teacher beside itself, with its own prompts or with others.
#include <doctest/doctest.h>

#include <algorithm>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// One row of the second model for each row that generates, of this weight.
GroupShape with_second(GroupShape shape, double gamma, double weight) {
    shape.source.assign(shape.n_generating, 0);
    for (int m = 0; m < shape.n_generating; ++m) {
        shape.coupling.sets.push_back({m, weight, {shape.n_rows()}});
        shape.follows.push_back(m);
        shape.source.push_back(1);
    }
    shape.coupling.n_rows = shape.n_rows();
    shape.coupling.gamma = gamma;
    return shape;
}

GenerationOptions options_of(const GroupShape & shape, int groups_in_flight = 1) {
    GenerationOptions options = options_for(shape, groups_in_flight);
    options.context.n_slots = shape.n_generating * groups_in_flight;
    options.second_context = options.context;
    options.second_context.role = "the amateur";
    return options;
}

// Labels of the rows of the second model are moved on by so many.
class Groups : public GroupList {
  public:
    Groups(const GroupShape & shape, int n_groups, int moved) : GroupList(shape, n_groups), moved_(moved) {}
    bool next(GroupRequest & request) override {
        if (!GroupList::next(request)) return false;
        std::rotate(request.prompts.begin() + 4, request.prompts.begin() + 4 + moved_, request.prompts.end());
        return true;
    }

  private:
    int moved_;
};

struct Made {
    std::vector<std::string> texts;
    Counters counters;
};

Made make(const GenerationOptions & options, int n_groups = 2, int moved = 0) {
    Groups groups(options.shape, n_groups, moved);
    const std::atomic<bool> never{false};
    Made made;
    made.counters = generate({demo_model(), demo_model()}, options, groups, never);
    for (const auto & [index, result] : groups.results) {
        for (const RowResult & row : result.rows) made.texts.push_back(row.text);
    }
    return made;
}

// FewGen, of rows whose labels are moved on by so many.
std::vector<std::string> fewgen(GenerationOptions options, int moved = 0) {
    options.shape = hybrid_shape(1, 0, 0);
    const std::vector<std::string> texts = run(options, 2).texts;
    if (moved == 0) return texts;
    class Moved : public GroupList {
      public:
        Moved(const GroupShape & shape, int by) : GroupList(shape, 2), by_(by) {}
        bool next(GroupRequest & request) override {
            if (!GroupList::next(request)) return false;
            std::rotate(request.prompts.begin(), request.prompts.begin() + by_, request.prompts.end());
            return true;
        }

      private:
        int by_;
    };
    Moved groups(options.shape, moved);
    const std::atomic<bool> never{false};
    generate(demo_model(), options, groups, never);
    std::vector<std::string> out;
    for (const auto & [index, result] : groups.results) {
        for (const RowResult & row : result.rows) out.push_back(row.text);
    }
    return out;
}

}  // namespace

TEST_CASE("a model that is its own amateur is FewGen at temperature 1 / (gamma - weight)") {
    for (const auto & [gamma, weight] : {std::pair{1.5, 0.5}, {1.0, 0.5}}) {
        GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0), gamma, weight));
        GenerationOptions plain = options;
        plain.step.temperature = 1 / (gamma - weight);
        CHECK(make(options).texts == fewgen(plain));
    }
}

TEST_CASE("a model that is its own guide changes nothing, in a coupling of any gamma, and a warm-up is without it") {
    for (const auto & [gamma, share] : {std::pair{1.0, 0.5}, {1.5, 0.25}, {2.0, 1.0}}) {
        GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0.3), gamma, -share));
        GenerationOptions plain = options_for(hybrid_shape(1, 0, 0.3));
        plain.shape.coupling.gamma = gamma;
        CHECK(make(options).texts == run(plain, 2).texts);
    }
    GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0.3), 1.3, -0.5));
    options.shape.warm_up = options.limits.max_tokens;
    CHECK(make(options, 2, 1).texts == fewgen(options));
}

TEST_CASE("a guide of weight 1 that counts every token writes what it would write alone, behind its own prompt") {
    GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0), 1, -1));
    options.step.alpha = 0;
    CHECK(make(options, 2, 1).texts == fewgen(options, 1));
    CHECK(make(options, 2, 1).texts != fewgen(options));
}

TEST_CASE("the plausible set is the teacher's, so that another prompt of the amateur changes texts and not their end") {
    const GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0), 1.5, 0.5));
    CHECK(make(options, 2, 2).texts != make(options).texts);
    CHECK(make(options, 2, 2).texts == make(options, 2, 2).texts);
}

TEST_CASE("a coupling takes a second model beside its own partners") {
    const GenerationOptions both = options_of(with_second(hybrid_shape(1, 0, 0.3), 1.8, 0.5));
    const GenerationOptions second = options_of(with_second(hybrid_shape(1, 0, 0), 1.8, 0.5));
    CHECK(make(both, 2, 1).texts != make(second, 2, 1).texts);
    // the same prompts: what the second model takes is what the row has, so that Cross with gamma 1.3 is left
    GenerationOptions cross = options_for(hybrid_shape(1, 0, 0.3));
    cross.shape.coupling.gamma = 1.3;
    CHECK(make(both).texts.size() == run(cross, 2).texts.size());
}

TEST_CASE("how many groups are decoded together, and how prompts are cut, changes no text") {
    const GroupShape shape = with_second(hybrid_shape(1, 0, 0.3), 1.8, 0.5);
    const std::vector<std::string> alone = make(options_of(shape), 5, 1).texts;
    for (const int groups : {2, 4}) CHECK(make(options_of(shape, groups), 5, 1).texts == alone);
    GenerationOptions cut = options_of(shape, 3);
    cut.context.n_batch = cut.second_context.n_batch = 7;
    CHECK(make(cut, 5, 1).texts == alone);
    GenerationOptions stored = options_of(shape);
    stored.context.n_stored = stored.second_context.n_stored = 4;
    const Made kept = make(stored, 5, 1);
    CHECK(kept.texts == alone);
    CHECK(kept.counters.prefilled_tokens < make(options_of(shape), 5, 1).counters.prefilled_tokens);
}

TEST_CASE("each model decodes each token once, and the second one's share of the time is told") {
    const Made made = make(options_of(with_second(hybrid_shape(1, 0, 0), 1, 0.5)));
    CHECK(made.counters.decoded_tokens == 2 * made.counters.generated_tokens);
    CHECK(made.counters.second_seconds > 0);
    CHECK(made.counters.second_seconds < made.counters.prefill_seconds + made.counters.decode_seconds);
    CHECK(run(options_for(hybrid_shape(1, 0, 0)), 1).counters.second_seconds == 0);
}

TEST_CASE("a group without some rows goes without their rows of the second model, too") {
    const GroupShape shape = with_second(hybrid_shape(1, 0, 0), 1, 0.5);
    const GenerationOptions options = options_of(shape, 2);
    Groups some(shape, 2, 0);
    some.without = [](int m) { return m % 4 > 1; };
    const std::atomic<bool> never{false};
    generate({demo_model(), demo_model()}, options, some, never);
    const std::vector<std::string> all = make(options).texts;
    for (int m = 0; m < 4; ++m) CHECK(some.results[0].rows[m].text == (m < 2 ? all[m] : ""));
}

TEST_CASE("where the second model's context cannot be had, the message says whose it was") {
    GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0), 1, 0.5));
    options.second_context.slot_size = INT32_MAX;
    std::string message;
    try {
        make(options);
    } catch (const EngineError & error) {
        message = error.what();
        CHECK(error.code() == ErrorCode::kOutOfMemory);
    }
    CHECK(message.find("for the amateur (KV cache of") != std::string::npos);
}

TEST_CASE("a prompt that is too long for the second model is told by its row") {
    GenerationOptions options = options_of(with_second(hybrid_shape(1, 0, 0), 1, 0.5));
    options.context.slot_size = 1024;
    options.limits.max_tokens = 250;
    std::string message;
    try {
        make(options);
    } catch (const EngineError & error) {
        message = error.what();
    }
    CHECK(message.find("the prompt of row 4 in group 0") != std::string::npos);
}

TEST_CASE("a vocabulary does not differ from itself") {
    CHECK(demo_model()->vocabulary().difference_from(demo_model()->vocabulary(), "amateur").empty());
}
