// A group by itself: no model decodes here, tokens are given.
#include "engine/group.h"

#include <doctest/doctest.h>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

constexpr int32_t kEnd = 1;

int32_t token_of(const std::string & text) { return demo_model()->vocabulary().tokenize({{text, false}}).at(1); }

// Two generating rows and, as in CFG, a contrast row for each: row 2 follows row 0, row 3 follows row 1.
GroupShape two_followed() {
    GroupShape shape;
    shape.n_generating = 2;
    shape.follows = {0, 1, 0, 1};
    shape.coupling = {4, {{0, 0.1, {2}}, {1, 0.1, {3}}}};
    return shape;
}

struct Stepper {
    GroupShape shape;
    Group group;
    RowLimits limits{3, {"\n"}};
    std::vector<int> ended;
    explicit Stepper(GroupShape s) : shape(std::move(s)), group(shape, group_request_of(shape)) {}
    static GroupRequest group_request_of(const GroupShape & shape) {
        GroupRequest request{5, {}, {}};
        for (int m = 0; m < shape.n_rows(); ++m) request.prompts.push_back(std::vector<int32_t>(m + 1, 100 + m));
        return request;
    }
    void step(std::vector<int32_t> tokens) {
        group.accept(tokens.data(), nullptr, demo_model()->vocabulary(), limits, ended);
    }
};

}  // namespace

TEST_CASE("a row is fed its last prompt token, then the tokens of the row it follows") {
    Stepper s(two_followed());
    for (int m = 0; m < 4; ++m) {
        CHECK(s.group.next_token(m) == 100 + m);
        CHECK(s.group.next_position(m) == m);  // the prompt of row m has m + 1 tokens
    }
    s.step({token_of("a"), token_of("b"), -1, -1});
    CHECK(s.group.next_token(2) == token_of("a"));
    CHECK(s.group.next_token(3) == token_of("b"));
    CHECK(s.group.next_position(3) == 4);
    CHECK(s.ended.empty());
}

TEST_CASE("during the warm-up no row has partners, then those that are left") {
    GroupShape shape = two_followed();
    shape.warm_up = 2;
    Stepper s(shape);
    CHECK(s.group.weights().partners.empty());
    s.step({token_of("a"), token_of("b"), -1, -1});
    CHECK(s.group.weights().partners.empty());
    CHECK(!s.group.are_weights_new());
    s.step({token_of("a"), kEnd, -1, -1});
    CHECK(s.group.are_weights_new());
    REQUIRE(s.group.weights().partners.size() == 1);
    CHECK(s.group.weights().begin(0)->row == 2);

    Stepper without(two_followed());
    CHECK(without.group.weights().partners.size() == 2);
    without.step({token_of("a"), token_of("b"), -1, -1});
    CHECK(!without.group.are_weights_new());
}

TEST_CASE("from the last contrasted step on no row has partners, and the contrast rows have ended") {
    GroupShape shape = two_followed();
    shape.contrast_until = 1;
    Stepper s(shape);
    CHECK(s.group.weights().partners.size() == 2);
    s.step({token_of("a"), token_of("b"), -1, -1});
    CHECK(s.ended == std::vector<int>{2, 3});
    CHECK(s.group.are_weights_new());
    CHECK(s.group.weights().partners.empty());
    CHECK(s.group.weights().own[0] == 1);
    CHECK(s.group.active() == std::vector<uint8_t>{1, 1, 0, 0});
    s.step({kEnd, token_of("b"), -1, -1});
    CHECK(s.ended == std::vector<int>{0});
    CHECK(!s.group.has_ended());
}

TEST_CASE("a contrast row ends with the row it follows, not with the row whose prompt it has") {
    Stepper s(two_followed());
    s.step({kEnd, token_of("b"), -1, -1});
    CHECK(s.ended == std::vector<int>{0, 2});
    CHECK(s.group.active() == std::vector<uint8_t>{0, 1, 0, 1});
    CHECK(s.group.weights().begin(1)->row == 3);
    CHECK(!s.group.has_ended());
}

TEST_CASE("the contrast norms of rows that draw and have a partner are kept") {
    Stepper s(two_followed());
    const double first[] = {3, 4.5, -1, -1}, second[] = {-1, 2, -1, -1};
    s.group.keep_contrast_norms(first);
    s.step({kEnd, token_of("b"), -1, -1});
    s.group.keep_contrast_norms(second);
    s.step({-1, kEnd, -1, -1});
    const GroupResult result = s.group.result();
    CHECK(result.rows[0].contrast_norms == std::vector<double>{3});
    CHECK(result.rows[1].contrast_norms == std::vector<double>{4.5, 2});
}

TEST_CASE("a row ends by an end token, a stop string or the token limit, and counts the token that ended it") {
    Stepper s(hybrid_shape(1, 0, 0.1));
    const int32_t a = token_of("a"), newline = token_of("\n");
    s.step({kEnd, newline, a, a});
    s.step({-1, -1, a, newline});
    s.step({-1, -1, a, -1});
    CHECK(s.group.has_ended());
    const GroupResult result = s.group.result();
    CHECK(result.index == 5);
    const Ending endings[] = {Ending::kEndToken, Ending::kStopString, Ending::kLength, Ending::kStopString};
    const int n_tokens[] = {1, 1, 3, 2};
    const char * const texts[] = {"", "", "aaa", "a"};
    for (int m = 0; m < 4; ++m) {
        CHECK(result.rows[m].ending == endings[m]);
        CHECK(result.rows[m].n_tokens == n_tokens[m]);
        CHECK(result.rows[m].text == texts[m]);
    }
}

TEST_CASE("the weights follow the rows that still run") {
    Stepper s(hybrid_shape(1, 0, 0.3));
    CHECK(s.group.weights().begin(0)->weight == doctest::Approx(0.1));
    s.step({token_of("a"), token_of("a"), kEnd, token_of("a")});
    CHECK(s.group.weights().begin(0)->weight == doctest::Approx(0.15));
    s.step({token_of("a"), kEnd, -1, kEnd});
    CHECK(s.group.weights().begin(0) == s.group.weights().end(0));
    CHECK(s.group.weights().empty_sets[0] == 1);
}

TEST_CASE("a row without a prompt is absent, as if it had ended before the first step") {
    const GroupShape shape = hybrid_shape(1, 0, 0.3);
    GroupRequest request = Stepper::group_request_of(shape);
    request.prompts[1].clear();
    request.prompts[3].clear();
    Group group(shape, request);
    CHECK(group.active() == std::vector<uint8_t>{1, 0, 1, 0});
    CHECK(group.draws() == std::vector<uint8_t>{1, 0, 1, 0});
    REQUIRE(group.weights().end(0) - group.weights().begin(0) == 1);
    CHECK(group.weights().begin(0)->row == 2);
    CHECK(group.weights().begin(0)->weight == doctest::Approx(0.3));  // the whole of it, shared by those that are there
    std::vector<int> ended;
    const int32_t tokens[] = {kEnd, -1, kEnd, -1};
    group.accept(tokens, nullptr, demo_model()->vocabulary(), {3, {"\n"}}, ended);
    CHECK(ended == std::vector<int>{0, 2});
    CHECK(group.has_ended());
    CHECK(group.result().rows[1].n_tokens == 0);
    CHECK(group.result().rows[1].text.empty());
}
