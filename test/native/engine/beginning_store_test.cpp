#include "engine/beginning_store.h"

#include <doctest/doctest.h>

using namespace corrsynth;

namespace {

Beginning of(int32_t token, int n, int shared = 0) { return {std::vector<int32_t>(n, token), shared}; }

bool has(BeginningStore & store, const Beginning & beginning) { return store.find(beginning) != nullptr; }

}  // namespace

TEST_CASE("a beginning is found by its tokens and by where its decoding was cut") {
    BeginningStore store(100);
    store.put(of(1, 10), {7});
    store.put(of(1, 10, 4), {8});
    CHECK(*store.find(of(1, 10)) == BeginningStore::State{7});
    CHECK(*store.find(of(1, 10, 4)) == BeginningStore::State{8});
    CHECK_FALSE(has(store, of(1, 9)));
    CHECK_FALSE(has(store, of(2, 10)));
    CHECK_FALSE(has(store, of(1, 10, 5)));
}

TEST_CASE("the one that was not used for the longest goes first, until the tokens of all fit") {
    BeginningStore store(100);
    store.put(of(1, 40), {});
    store.put(of(2, 40), {});
    CHECK(store.n_tokens() == 80);
    CHECK(has(store, of(1, 40)));  // used again
    store.put(of(3, 30), {});
    CHECK(store.n_tokens() == 70);
    CHECK(has(store, of(1, 40)));
    CHECK_FALSE(has(store, of(2, 40)));
    store.put(of(4, 100), {});  // which fills it
    CHECK(store.n_tokens() == 100);
    CHECK_FALSE(has(store, of(1, 40)));
    CHECK_FALSE(has(store, of(3, 30)));
    CHECK(store.has_room_for(of(5, 100)));
    CHECK_FALSE(store.has_room_for(of(5, 101)));
}
