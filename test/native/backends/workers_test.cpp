#include "backends/workers.h"

#include <doctest/doctest.h>

#include <new>

using namespace corrsynth;

TEST_CASE("every item is done once, by a worker that exists, round after round") {
    for (const int n_workers : {1, 2, 5}) {
        Workers workers(n_workers);
        CHECK(workers.n_workers() == n_workers);
        for (const int n_items : {0, 1, 2, 7, 100}) {
            for (int round = 0; round < 50; ++round) {
                std::vector<int> times(n_items, 0);
                std::atomic<int> strangers{0};
                workers.run(n_items, [&](int item, int worker) {
                    times[item]++;
                    if (worker < 0 || worker >= n_workers) strangers++;
                });
                CHECK(times == std::vector<int>(n_items, 1));
                CHECK(strangers == 0);
            }
        }
    }
}

TEST_CASE("what a task throws is thrown to the caller, and the next round goes as if nothing had happened") {
    for (const int n_workers : {1, 4}) {
        Workers workers(n_workers);
        for (int round = 0; round < 50; ++round) {
            CHECK_THROWS_AS(workers.run(100,
                                        [&](int item, int) {
                                            if (item % 7 == 3) throw std::bad_alloc();
                                        }),
                            std::bad_alloc);
            std::atomic<int> done{0};
            workers.run(20, [&](int, int) { done++; });
            CHECK(done == 20);
        }
    }
}
