// The lockstep loop on the demo teacher.
#include "engine/generate.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

ErrorCode error_of(const GenerationOptions & options, GroupExchange & exchange, const std::atomic<bool> & cancel) {
    try {
        generate(demo_model(), options, exchange, cancel);
    } catch (const EngineError & error) {
        return error.code();
    }
    FAIL("nothing was thrown");
    return {};
}

// CFG over four labels: rows 4.. are the partner's prompt with the continuation of the row they follow.
GroupShape cfg_shape() {
    GroupShape shape = hybrid_shape(1, 0, 0.1);
    shape.coupling.sets.clear();
    for (int m = 0; m < 4; ++m) {
        ContrastSet set{m, 0.1, {}};
        for (int n = 0; n < 3; ++n) {
            set.members.push_back(shape.n_rows());
            shape.follows.push_back(m);
        }
        shape.coupling.sets.push_back(set);
    }
    shape.coupling.n_rows = shape.n_rows();
    return shape;
}

}  // namespace

TEST_CASE("the same seed gives the same texts, another seed others") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 2);
    const Outcome first = run(options, 3);
    CHECK(first.texts.size() == 24);
    CHECK(run(options, 3).texts == first.texts);
    options.step.seed = 8;
    CHECK(run(options, 3).texts != first.texts);
}

TEST_CASE("without coupling the contrast machinery changes no token") {
    GroupShape zero = hybrid_shape(2, 0, 0);
    GroupShape tiny = hybrid_shape(2, 1e-300, 1e-300);  // coupled, by weights that no float64 sum can see
    CHECK(run(options_for(zero), 2).texts == run(options_for(tiny), 2).texts);
}

TEST_CASE("a group without some rows is the group of those that are there") {
    // labels 0 and 1 of four, and the same two by themselves: the same rows, since rows are numbered alike
    for (const int repeat : {1, 2}) {
        const GroupShape shape = hybrid_shape(repeat, 0.5, 0.1);
        GroupList some(shape, 2);
        some.without = [&](int m) { return m >= 2 * repeat; };
        const std::atomic<bool> never{false};
        const Counters counters = generate(demo_model(), options_for(shape, 2), some, never);
        GroupShape half;
        half.n_generating = half.coupling.n_rows = 2 * repeat;
        half.follows = {shape.follows.begin(), shape.follows.begin() + 2 * repeat};
        for (ContrastSet set : shape.coupling.sets) {
            if (set.row >= 2 * repeat) continue;
            set.members.erase(
                std::remove_if(set.members.begin(), set.members.end(), [&](int n) { return n >= 2 * repeat; }),
                set.members.end());
            half.coupling.sets.push_back(set);
        }
        GroupList alone(shape, 2);
        alone.n_rows = 2 * repeat;
        const Counters expected = generate(demo_model(), options_for(half, 2), alone, never);
        for (uint64_t group = 0; group < 2; ++group) {
            for (int m = 0; m < 4 * repeat; ++m) {
                const std::string & text = some.results[group].rows[m].text;
                CHECK(text == (m < 2 * repeat ? alone.results[group].rows[m].text : ""));
            }
        }
        CHECK(counters.decoded_tokens == expected.decoded_tokens);
        CHECK(counters.generated_tokens == expected.generated_tokens);
    }
}

TEST_CASE("a group without a row that generates, or with a contrast row alone, is refused") {
    const std::atomic<bool> never{false};
    for (const int first_absent : {0, 4}) {
        const GroupShape shape = cfg_shape();
        GroupList groups(shape, 1);
        groups.without = [&](int m) { return first_absent == 0 || m == 0; };
        CHECK(error_of(options_for(shape), groups, never) == ErrorCode::kDecode);
    }
}

TEST_CASE("several threads draw the same texts twice, and as many tokens as one") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 3);
    const Outcome one = run(options, 5);
    options.context.n_threads = 2;
    CHECK(run(options, 5).texts == run(options, 5).texts);
    CHECK(run(options, 5).counters.generated_tokens == one.counters.generated_tokens);
}

TEST_CASE("coupling changes the texts") {
    CHECK(run(options_for(hybrid_shape(2, 0, 0)), 1).texts != run(options_for(hybrid_shape(2, 0.5, 0.1)), 1).texts);
}

TEST_CASE("a warm-up begins as without coupling and goes on with it, whatever else is in flight") {
    GroupShape warm = hybrid_shape(2, 0.5, 0.1), never = warm, free = hybrid_shape(2, 0, 0);
    warm.warm_up = 3;
    never.warm_up = 32;  // the token limit
    const Outcome without = run(options_for(free), 2), late = run(options_for(warm), 2);
    CHECK(run(options_for(never), 2).texts == without.texts);
    CHECK(late.texts != without.texts);
    CHECK(late.texts != run(options_for(hybrid_shape(2, 0.5, 0.1)), 2).texts);
    for (size_t row = 0; row < late.texts.size(); ++row) {  // three tokens are at least so many bytes
        CHECK(late.texts[row].substr(0, 2) == without.texts[row].substr(0, 2));
    }
    CHECK(run(options_for(warm, 2), 2).texts == late.texts);
}

TEST_CASE(
    "contrast of the first tokens alone begins as with coupling and goes on without, whatever else is in flight") {
    GroupShape whole = hybrid_shape(2, 0.5, 0.1), brief = whole, all = whole;
    brief.contrast_until = 3;
    all.contrast_until = 32;  // the token limit
    const Outcome contrasted = run(options_for(whole), 2), begun = run(options_for(brief), 2);
    CHECK(run(options_for(all), 2).texts == contrasted.texts);
    CHECK(begun.texts != contrasted.texts);
    CHECK(begun.texts != run(options_for(hybrid_shape(2, 0, 0)), 2).texts);
    for (size_t row = 0; row < begun.texts.size(); ++row) {  // three tokens are at least so many bytes
        CHECK(begun.texts[row].substr(0, 2) == contrasted.texts[row].substr(0, 2));
    }
    CHECK(run(options_for(brief, 2), 2).texts == begun.texts);
}

TEST_CASE("no text holds a stop string, and every ending is told") {
    const Outcome outcome = run(options_for(hybrid_shape(2, 0.5, 0.1), 2), 4);
    for (const RowResult & row : outcome.rows) {
        CHECK(row.text.find('\n') == std::string::npos);
        CHECK(row.n_tokens >= 1);
        CHECK(row.n_tokens <= 32);
        if (row.ending == Ending::kLength) CHECK(row.n_tokens == 32);
    }
}

TEST_CASE("forward passes are counted: as many as tokens drawn, and in CFG those of the contrast rows on top") {
    GenerationOptions options = options_for(hybrid_shape(1, 0, 0.1));
    const Outcome cross = run(options, 2);
    CHECK(cross.counters.decoded_tokens == cross.counters.generated_tokens);

    GenerationOptions cfg = options_for(cfg_shape());
    const Outcome outcome = run(cfg, 2);
    CHECK(outcome.rows.size() == 8);
    CHECK(outcome.counters.decoded_tokens == 4 * outcome.counters.generated_tokens);
    CHECK(outcome.counters.prompt_tokens == 4 * cross.counters.prompt_tokens);
}

TEST_CASE("one graph is executed a step, however many rows have ended in between") {
    const Outcome outcome = run(options_for(hybrid_shape(2, 0.5, 0.1), 3), 5);
    CHECK(outcome.counters.graphs == outcome.counters.steps + 5 * 4);  // and one for each different prompt of a group
}

TEST_CASE("prompts come in between the steps of the rows that run, a batch at a time") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 3);
    options.context.n_batch = 24;  // not two groups' prompts
    GroupList groups(options.shape, 9);
    const std::atomic<bool> never{false};
    Counters before;
    int n_both = 0;
    groups.on_progress = [&](const Counters & counters) {
        CHECK(counters.prefilled_tokens - before.prefilled_tokens <= 24);
        CHECK(counters.steps - before.steps <= 1);
        CHECK(counters.graphs - before.graphs <= 1 + 8);  // a step, and one for each row whose prompt is in the batch
        n_both += counters.steps > before.steps && counters.prefilled_tokens > before.prefilled_tokens;
        before = counters;
    };
    const Counters counters = generate(demo_model(), options, groups, never);
    CHECK(groups.results.size() == 9);
    CHECK(n_both >= 8);  // at least once for each group but the first
    CHECK(counters.moved_rows > 0);
    CHECK(counters.moved_rows <=
          2 * 9 * 8);  // a row at most once where another ended, once where its group joined late
}

TEST_CASE("a batch larger than all prompts together decodes the same texts, also the largest there is") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 2);
    options.context.n_batch = 100000;
    const Outcome large = run(options, 4);
    options.context.n_batch = INT32_MAX;
    const Outcome largest = run(options, 4);
    CHECK(largest.texts == large.texts);
    CHECK(largest.counters.graphs == large.counters.graphs);
}

TEST_CASE("stored prompts are decoded once for all groups, and the texts are the same") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 2);
    const Outcome decoded = run(options, 4);
    options.context.n_stored = options.shape.n_rows();
    const Outcome stored = run(options, 4);
    CHECK(stored.texts == decoded.texts);
    CHECK(stored.counters.prompt_tokens == decoded.counters.prompt_tokens);
    CHECK(stored.counters.prefilled_tokens * 4 == decoded.counters.prefilled_tokens);
}

TEST_CASE("tokens that had no partner left are counted") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0));
    const Outcome intra = run(options, 2);
    CHECK(intra.counters.uncontrasted_tokens > 0);
    CHECK(intra.counters.uncontrasted_tokens < intra.counters.generated_tokens);
    CHECK(intra.counters.partly_contrasted_tokens == 0);
    const Outcome hybrid = run(options_for(hybrid_shape(2, 0.5, 0.1)), 2);
    CHECK(hybrid.counters.partly_contrasted_tokens > 0);
    CHECK(run(options_for(hybrid_shape(2, 0, 0)), 1).counters.uncontrasted_tokens == 0);
}

TEST_CASE("log-probabilities are those of the row's own distribution, and asking for them changes no token") {
    GenerationOptions options = options_for(hybrid_shape(1, 0, 0.1));
    const Outcome without = run(options, 1);
    options.extras.log_probs = true;
    const Outcome with = run(options, 1);
    CHECK(with.texts == without.texts);
    for (size_t m = 0; m < with.rows.size(); ++m) {
        CHECK(without.rows[m].log_prob == 0);
        CHECK(with.rows[m].log_prob < 0);
        // plausible at alpha 1e-3: no token is less likely than 1e-3 of the best of 3072, which is at least 1/3072
        CHECK(with.rows[m].log_prob > with.rows[m].n_tokens * std::log(1e-3 / 3072));
    }
}

TEST_CASE("there is a contrast norm for each token that had a partner, and asking for them changes no token") {
    for (const GroupShape & shape : {cfg_shape(), hybrid_shape(2, 0.5, 0.1), hybrid_shape(1, 0, 0)}) {
        GenerationOptions options = options_for(shape, 2);
        const Outcome without = run(options, 3);
        options.extras.contrast_norms = true;
        const Outcome with = run(options, 3);
        CHECK(with.texts == without.texts);
        const bool is_cfg = shape.n_rows() > shape.n_generating, is_coupled = !shape.coupling.sets.empty();
        for (size_t i = 0; i < with.rows.size(); ++i) {
            CHECK(without.rows[i].contrast_norms.empty());
            // Hybrid's partners are all others of the group; CFG's follow the row itself, and end with it
            const size_t first = i / shape.n_generating * shape.n_generating;
            size_t expected = is_cfg ? with.rows[i].n_tokens : 0;
            for (size_t n = first; is_coupled && n < first + shape.n_generating; ++n) {
                if (n != i) expected = std::max<size_t>(expected, with.rows[n].n_tokens);
            }
            if (is_coupled) expected = std::min<size_t>(expected, with.rows[i].n_tokens);
            CHECK(with.rows[i].contrast_norms.size() == expected);
            for (const double norm : with.rows[i].contrast_norms) CHECK((norm > 0 && norm < 100));
        }
    }
}

TEST_CASE("a strong contrast takes the end away from many rows, and from few where ends are kept") {
    const auto unfinished = [](const GroupShape & shape, bool keeps_ends) {
        GenerationOptions options = options_for(shape, 2);
        options.step.keeps_ends = keeps_ends;
        const Outcome outcome = run(options, 10);
        return std::count_if(outcome.rows.begin(), outcome.rows.end(),
                             [](const RowResult & row) { return row.ending == Ending::kLength; });
    };
    const GroupShape strong = hybrid_shape(2, 0.6, 0.3);
    const auto without = unfinished(hybrid_shape(2, 0, 0), false);  // 5 of 80
    CHECK(unfinished(strong, false) > without + 20);                // 31
    CHECK(unfinished(strong, true) < without + 10);                 // 11
}

TEST_CASE("a running generation is stopped from another thread") {
    GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1), 2);
    std::atomic<bool> cancel{false};
    GroupList groups(options.shape, 1000000);
    std::thread stopper;
    groups.on_progress = [&](const Counters & counters) {
        if (counters.steps == 5) stopper = std::thread([&] { cancel = true; });
    };
    CHECK(error_of(options, groups, cancel) == ErrorCode::kCancelled);
    stopper.join();
}

TEST_CASE("several generations share one model") {
    const GenerationOptions options = options_for(hybrid_shape(2, 0.5, 0.1));
    const Outcome expected = run(options, 2);
    std::vector<Outcome> outcomes(3);
    std::vector<std::thread> threads;
    for (Outcome & outcome : outcomes) threads.emplace_back([&] { outcome = run(options, 2); });
    for (std::thread & thread : threads) thread.join();
    for (const Outcome & outcome : outcomes) CHECK(outcome.texts == expected.texts);
}

TEST_CASE("what cannot fit is refused before anything is decoded") {
    const std::atomic<bool> never{false};
    GenerationOptions small = options_for(hybrid_shape(2, 0.5, 0.1));
    small.context.n_slots = 7;
    GroupList groups(small.shape, 1);
    CHECK(error_of(small, groups, never) == ErrorCode::kContextFull);

    GenerationOptions large = options_for(hybrid_shape(2, 0.5, 0.1), 40);  // 320 rows
    CHECK(error_of(large, groups, never) == ErrorCode::kContextFull);

    GenerationOptions long_rows = options_for(hybrid_shape(2, 0.5, 0.1));
    long_rows.limits.max_tokens = 254;
    CHECK(error_of(long_rows, groups, never) == ErrorCode::kPromptTooLong);
    long_rows.limits.max_tokens = INT32_MAX;
    GroupList more(long_rows.shape, 1);
    CHECK(error_of(long_rows, more, never) == ErrorCode::kPromptTooLong);
}
