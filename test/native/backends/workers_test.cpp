#include "backends/workers.h"

#include <doctest/doctest.h>

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
