// The part of the addon that needs no Node: the gate that the end of the process waits at.
#include "addon/pool_gate.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

using namespace corrsynth;

TEST_CASE("a gate closes when every visit is over, also one that ended with an exception") {
    const auto gate = std::make_shared<PoolGate>();
    std::thread thread([&, queued = PoolVisit(gate)]() mutable {
        try {
            const PoolVisit visit = std::move(queued);
            while (!gate->closed()) std::this_thread::yield();  // somebody waits
            throw std::out_of_range("of the work");
        } catch (const std::exception &) {
        }
    });
    gate->close();
    thread.join();
    gate->close();  // nobody is inside
}

TEST_CASE("a visit that never began is over with its owner") {
    const auto gate = std::make_shared<PoolGate>();
    { const PoolVisit never_moved(gate); }
    gate->close();
    CHECK(gate->closed());
}
