// Whatever is thrown becomes one error of the engine's, with a code and a message that says what failed.
#include "engine/error.h"

#include <doctest/doctest.h>

#include <new>
#include <system_error>
#include <unordered_map>

using namespace corrsynth;

namespace {

template <typename Thrower>
EngineError caught(Thrower && thrower) {
    try {
        thrower();
    } catch (...) {
        return current_error("The work failed");
    }
    FAIL("nothing was thrown");
    return {ErrorCode::kInternal, ""};
}

void check(const EngineError & error, ErrorCode code, const std::string & message) {
    CHECK(error.code() == code);
    CHECK(std::string(error.what()).find(message) == 0);
}

}  // namespace

TEST_CASE("an error of the engine's stays as it is, anything else says what failed") {
    check(caught([] { throw EngineError(ErrorCode::kCancelled, "It was stopped"); }), ErrorCode::kCancelled,
          "It was stopped");
    check(caught([] { throw std::bad_alloc(); }), ErrorCode::kOutOfMemory, "The work failed: no memory is left");
    check(caught([] { std::string().reserve(std::string().max_size() + 1); }), ErrorCode::kOutOfMemory,
          "The work failed: ");
    check(caught([] { throw std::system_error(EAGAIN, std::generic_category()); }), ErrorCode::kOutOfMemory,
          "The work failed: ");
    check(caught([] { throw std::system_error(EINVAL, std::generic_category()); }), ErrorCode::kInternal,
          "The work failed: ");
    check(caught([] { std::unordered_map<int, int>().at(7); }), ErrorCode::kInternal, "The work failed: ");
    check(caught([] { throw 7; }), ErrorCode::kInternal, "The work failed: what was thrown is no exception");
}

TEST_CASE("every code has a name of its own") {
    CHECK(std::string(to_string(ErrorCode::kTokenize)) == "TOKENIZE");
    CHECK(std::string(to_string(ErrorCode::kInternal)) == "INTERNAL");
    CHECK(std::string(to_string(ErrorCode::kOutOfMemory)) == "OUT_OF_MEMORY");
}
