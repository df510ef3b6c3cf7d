#include "sampling/token_mask.h"

#include <doctest/doctest.h>

using namespace corrsynth;

TEST_CASE("a mask that says nothing bans nothing, ends nothing and is clean everywhere") {
    const TokenMask mask;
    CHECK_FALSE(mask.is_banned(0));
    CHECK_FALSE(mask.is_end(149999));
    CHECK(mask.is_clean(0));
    CHECK(mask.is_clean(585));
}

TEST_CASE("banned and end tokens are known one by one, and only banned ones make their block dirty") {
    const TokenMask mask(800, {255, 256}, {512, 799});
    for (int token = 0; token < 800; ++token) {
        CHECK(mask.is_banned(token) == (token == 255 || token == 256));
        CHECK(mask.is_end(token) == (token == 512 || token == 799));
    }
    CHECK_FALSE(mask.is_clean(0));
    CHECK_FALSE(mask.is_clean(1));
    CHECK(mask.is_clean(2));
    CHECK(mask.is_clean(3));
}

TEST_CASE("a mask is used again for another vocabulary, of which nothing is known yet") {
    TokenMask mask(800, {255}, {512});
    mask.reset(600);
    mask.add_end(3);
    for (int token = 0; token < 600; ++token) {
        CHECK(mask.is_end(token) == (token == 3));
        CHECK_FALSE(mask.is_banned(token));
    }
    CHECK(mask.is_clean(0));
}

TEST_CASE("a vocabulary has as many blocks as it takes to hold its last token") {
    CHECK(n_blocks(0) == 0);
    CHECK(n_blocks(1) == 1);
    CHECK(n_blocks(kBlock) == 1);
    CHECK(n_blocks(kBlock + 1) == 2);
    CHECK(n_blocks(32064) == 126);
}
