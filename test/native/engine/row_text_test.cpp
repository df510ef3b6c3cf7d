#include "engine/row_text.h"

#include <doctest/doctest.h>

using namespace corrsynth;

namespace {

struct Outcome {
    bool stopped;
    std::string text;
};

Outcome run(const std::vector<std::string> & pieces, const std::vector<std::string> & stop) {
    RowText text;
    for (const std::string & piece : pieces) {
        if (text.append(piece, stop)) return {true, text.complete()};
    }
    return {false, text.complete()};
}

void check(const std::vector<std::string> & pieces, const std::vector<std::string> & stop, bool stopped,
           const std::string & text) {
    const Outcome outcome = run(pieces, stop);
    CHECK(outcome.stopped == stopped);
    CHECK(outcome.text == text);
}

}  // namespace

TEST_CASE("a stop string ends the text before it, wherever token borders lie") {
    //    pieces                  stop              found  text
    check({"a", "b", "c"}, {"\n"}, false, "abc");
    check({"ab", "\n"}, {"\n"}, true, "ab");
    check({"ab.\nDef"}, {"\n"}, true, "ab.");           // inside one token
    check({"ab E", "N", "D x"}, {"END"}, true, "ab ");  // over three
    check({"\n"}, {"\n"}, true, "");
    check({"ab", ""}, {"\n"}, false, "ab");         // a control token has no bytes
    check({"EN", "EN", "D"}, {"END"}, true, "EN");  // a false start
    check({"aaa", "ab"}, {"aab"}, true, "aa");
}

TEST_CASE("of several stop strings the one that begins first counts") {
    check({"one two"}, {"two", "one"}, true, "");
    check({"x", "yz"}, {"z", "xyz"}, true, "");
    check({"ab"}, {}, false, "ab");
}

TEST_CASE("a text never ends inside a character") {
    check({"caf\xC3"}, {}, false, "caf");  // half of é
    check({"caf\xC3", "\xA9"}, {}, false, "caf\xC3\xA9");
    check({"\xF0\x9F\x98"}, {}, false, "");  // three quarters of an emoji
    check({"x\xF0\x9F\x98", "\x80"}, {}, false, "x\xF0\x9F\x98\x80");
    check({"\xE2\x82"}, {}, false, "");  // two thirds of €
    check({"\xE2\x82\xAC."}, {}, false, "\xE2\x82\xAC.");
    check({"a\xC3", "\n"}, {"\n"}, true, "a");  // the stop string came first
}

TEST_CASE("bytes that are no UTF-8 are left for the reader to replace") {
    CHECK(complete_utf8_length("") == 0);
    CHECK(complete_utf8_length("\x80\x80\x80\x80") == 4);
    CHECK(complete_utf8_length("a\xFF") == 1);
}
