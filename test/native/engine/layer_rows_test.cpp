// DoLa in the loop: each row against its own earlier layers, which no model decodes a second time.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

// 8 rows of four labels, each for itself; weight 0: without layers.
GenerationOptions options_of(double weight, const std::vector<int> & layers, int groups_in_flight = 1) {
    GenerationOptions options = options_for(hybrid_shape(2, 0, 0), groups_in_flight);
    options.step.alpha = 0.1;
    options.context.layers = layers;
    if (weight > 0) options.shape.add_layer_rows(weight);
    return options;
}

Outcome made(const GenerationOptions & options, int n_groups = 2) {
    GroupList groups(options.shape, n_groups);
    groups.n_rows = options.shape.n_prompts();
    const std::atomic<bool> never{false};
    Outcome outcome{generate(demo_model(), options, groups, never), {}, {}};
    for (const auto & [index, result] : groups.results) {
        for (const RowResult & row : result.rows) outcome.texts.push_back(row.text);
    }
    return outcome;
}

}  // namespace

TEST_CASE("layers of no weight change nothing, token for token") {
    const std::vector<std::string> fewgen = made(options_of(0, {})).texts;
    CHECK(made(options_of(0, {2, 4})).texts == fewgen);
    CHECK(made(options_of(1e-12, {2, 4})).texts == fewgen);
    CHECK(made(options_of(1, {2, 4})).texts != fewgen);
}

TEST_CASE("layers beside a coupling are one partner more: of no weight the coupling, in a warm-up neither") {
    const auto with = [](double weight, double intra, double cross, int warm_up = 0) {
        GenerationOptions options = options_for(hybrid_shape(2, intra, cross));
        options.step.alpha = 0.1;
        options.shape.coupling.gamma = 1 + intra + cross + weight;
        options.shape.warm_up = warm_up;
        options.context.layers = {2, 4};
        if (weight > 0) options.shape.add_layer_rows(weight);
        return options;
    };
    const std::vector<std::string> coupling = made(with(0, 0.3, 0.2)).texts;
    CHECK(made(with(1e-12, 0.3, 0.2)).texts == coupling);
    CHECK(made(with(0.5, 0.3, 0.2)).texts != coupling);
    CHECK(made(with(0.5, 0.3, 0.2)).counters.uncontrasted_tokens == 0);
    CHECK(made(with(0.5, 0.3, 0.2, 1000)).texts == made(with(0, 0, 0)).texts);
}

TEST_CASE("layers cost no row, no prompt and no decoded token, and every token is contrasted") {
    const Counters alone = made(options_of(0, {})).counters;
    const GenerationOptions options = options_of(1, {2});
    CHECK(options.shape.n_rows() == 16);
    CHECK(options.context.n_slots == 8);
    const Counters counters = made(options).counters;
    CHECK(counters.prompt_tokens == alone.prompt_tokens);
    CHECK(counters.prefilled_tokens == alone.prefilled_tokens);
    CHECK(counters.decoded_tokens == counters.generated_tokens);
    CHECK(counters.uncontrasted_tokens == 0);
}

TEST_CASE("one layer given twice is that layer") {
    CHECK(made(options_of(1, {2, 2, 2})).texts == made(options_of(1, {2})).texts);
}

TEST_CASE("groups beside each other, whose rows end and move, have the texts that they have alone") {
    const std::vector<std::string> alone = made(options_of(1, {2, 4}), 4).texts;
    const Outcome together = made(options_of(1, {2, 4}, /*groups_in_flight=*/3), 4);
    CHECK(together.counters.moved_rows > 0);
    int n_equal = 0;  // rows in other batches have other last bits, and a text may part there
    for (size_t i = 0; i < alone.size(); ++i) n_equal += together.texts[i] == alone[i];
    CHECK(n_equal >= static_cast<int>(alone.size()) - 4);
}

TEST_CASE("with absent rows and a warm-up, layers follow the rows that are there") {
    GenerationOptions options = options_of(1, {1, 3});
    options.shape.warm_up = 2;
    GroupList groups(options.shape, 1);
    groups.n_rows = options.shape.n_prompts();
    groups.without = [](int row) { return row == 0 || row == 5; };
    const std::atomic<bool> never{false};
    const Counters counters = generate(demo_model(), options, groups, never);
    CHECK(groups.results[0].rows[0].n_tokens == 0);
    CHECK(groups.results[0].rows[5].n_tokens == 0);
    CHECK(groups.results[0].rows[1].n_tokens > 0);
    CHECK(counters.steps > 2);
}

TEST_CASE("a layer that the model does not have is refused before anything is decoded") {
    try {
        made(options_of(1, {5}));
        FAIL("it was accepted");
    } catch (const EngineError & error) {
        CHECK(std::string(to_string(error.code())) == "LAYERS");
        CHECK(std::string(error.what()) ==
              "The layers of this model cannot be read: expected layers 1 to 4, since it has 5 blocks, received 5");
    }
}
