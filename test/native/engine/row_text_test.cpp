#include "engine/row_text.h"

#include <doctest/doctest.h>

using namespace corrsynth;

namespace {

struct Outcome {
    int stop;
    std::string text;
};

Outcome run(const std::vector<std::string> & pieces, const std::vector<std::string> & stop) {
    RowText text;
    for (const std::string & piece : pieces) {
        const int found = text.append(piece, stop);
        if (found >= 0) return {found, text.complete()};
    }
    return {-1, text.complete()};
}

void check(const std::vector<std::string> & pieces, const std::vector<std::string> & stop, int found,
           const std::string & text) {
    const Outcome outcome = run(pieces, stop);
    CHECK(outcome.stop == found);
    CHECK(outcome.text == text);
}

}  // namespace

TEST_CASE("a stop string ends the text before it, wherever token borders lie") {
    //    pieces                  stop              which  text
    check({"a", "b", "c"}, {"\n"}, -1, "abc");
    check({"ab", "\n"}, {"\n"}, 0, "ab");
    check({"ab.\nDef"}, {"\n"}, 0, "ab.");           // inside one token
    check({"ab E", "N", "D x"}, {"END"}, 0, "ab ");  // over three
    check({"\n"}, {"\n"}, 0, "");
    check({"ab", ""}, {"\n"}, -1, "ab");         // a control token has no bytes
    check({"EN", "EN", "D"}, {"END"}, 0, "EN");  // a false start
    check({"aaa", "ab"}, {"aab"}, 0, "aa");
}

TEST_CASE("of several stop strings the one that begins first counts") {
    check({"one two"}, {"two", "one"}, 1, "");
    check({"x", "yz"}, {"z", "xyz"}, 1, "");
    check({"ab"}, {}, -1, "ab");
}

TEST_CASE("a text never ends inside a character") {
    check({"caf\xC3"}, {}, -1, "caf");  // half of é
    check({"caf\xC3", "\xA9"}, {}, -1, "caf\xC3\xA9");
    check({"\xF0\x9F\x98"}, {}, -1, "");  // three quarters of an emoji
    check({"x\xF0\x9F\x98", "\x80"}, {}, -1, "x\xF0\x9F\x98\x80");
    check({"\xE2\x82"}, {}, -1, "");  // two thirds of €
    check({"\xE2\x82\xAC."}, {}, -1, "\xE2\x82\xAC.");
    check({"a\xC3", "\n"}, {"\n"}, 0, "a");  // the stop string came first
}

TEST_CASE("bytes that are no UTF-8 are left for the reader to replace") {
    CHECK(complete_utf8_length("") == 0);
    CHECK(complete_utf8_length("\x80\x80\x80\x80") == 4);
    CHECK(complete_utf8_length("a\xFF") == 1);
}
