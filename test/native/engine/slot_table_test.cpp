// Rows come and go, and the slots in use stay 0..n_live-1, with as few rows moved as that takes.
#include "engine/slot_table.h"

#include <doctest/doctest.h>

#include <list>

#include "engine/demo.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

const std::atomic<bool> kNever{false};

struct Table {
    Context context{
        demo_model(), {/*n_slots=*/12, /*n_stored=*/0, /*slot_size=*/256, /*n_batch=*/64, /*n_threads=*/1}, kNever};
    GroupShape shape = hybrid_shape(1, 0, 0.1);  // four rows
    SlotTable slots{context};
    std::list<InFlight> groups;

    InFlight & reserve() {
        InFlight & entry = groups.emplace_back(shape, group_request(shape, groups.size()));
        slots.reserve(entry);
        return entry;
    }
    InFlight & join() {
        InFlight & entry = reserve();
        slots.join(entry);
        return entry;
    }
    void release(std::vector<SlotOwner> ended) { slots.release(ended); }

    // Every live slot's owner has that very slot.
    void check() const {
        for (int slot = 0; slot < slots.n_live(); ++slot) CHECK(slots[slot].slot() == slot);
    }
};

}  // namespace

TEST_CASE("groups join behind each other") {
    Table t;
    CHECK(t.join().slots == std::vector<int>{0, 1, 2, 3});
    CHECK(t.join().slots == std::vector<int>{4, 5, 6, 7});
    CHECK(t.slots.n_live() == 8);
    CHECK(t.slots.n_free() == 4);
    CHECK(t.slots.n_moves() == 0);
    t.check();
}

TEST_CASE("the last row moves into the hole that an ended one leaves; an ended row is never moved") {
    const struct {
        std::vector<int> ended;  // rows of the first of two groups, which has the slots 0..3
        std::vector<int> left;   // slots of the second group afterwards, first 4..7
        uint64_t moves;
    } cases[] = {
        {{1}, {4, 5, 6, 1}, 1},
        {{0, 3}, {4, 5, 0, 3}, 2},  // slot 3 takes the row of 7, then slot 0 that of 6
        {{3, 2, 1, 0}, {0, 1, 2, 3}, 4},
    };
    for (const auto & c : cases) {
        Table t;
        InFlight & first = t.join();
        InFlight & second = t.join();
        std::vector<SlotOwner> ended;
        for (const int row : c.ended) ended.push_back({&first, row});
        t.release(ended);
        CHECK(second.slots == c.left);
        CHECK(t.slots.n_moves() == c.moves);
        CHECK(t.slots.n_live() == 8 - static_cast<int>(c.ended.size()));
        t.check();
    }
    Table t;
    t.join();
    InFlight & last = t.join();
    t.release({{&last, 0}, {&last, 3}, {&last, 2}, {&last, 1}});  // at the end there is nothing to move
    CHECK(t.slots.n_moves() == 0);
    CHECK(t.slots.n_live() == 4);
}

TEST_CASE("rows that ended while a group's prompts came in leave a gap, which its last rows fill") {
    const struct {
        std::vector<int> ended;  // rows of the group before it, in slots 0..3
        std::vector<int> slots;  // reserved as 4..7
    } cases[] = {
        {{}, {4, 5, 6, 7}},
        {{3}, {4, 5, 6, 3}},
        {{0, 2, 3}, {4, 1, 2, 3}},
        {{0, 1, 2, 3}, {0, 1, 2, 3}},
    };
    for (const auto & c : cases) {
        Table t;
        InFlight & first = t.join();
        InFlight & filling = t.reserve();
        std::vector<SlotOwner> ended;
        for (const int row : c.ended) ended.push_back({&first, row});
        t.release(ended);
        CHECK(filling.slots == std::vector<int>{4, 5, 6, 7});  // untouched while it is filled
        t.slots.join(filling);
        CHECK(filling.slots == c.slots);
        CHECK(t.slots.n_live() == 8 - static_cast<int>(c.ended.size()));
        t.check();
    }
}

TEST_CASE("absent rows have no slot") {
    Table t;
    InFlight & first = t.join();
    GroupRequest request = group_request(t.shape, 1);
    request.prompts[0].clear();
    request.prompts[2].clear();
    InFlight & filling = t.groups.emplace_back(t.shape, request);
    t.slots.reserve(filling);
    CHECK(filling.slots == std::vector<int>{-1, 4, -1, 5});
    t.release({{&first, 3}});
    t.slots.join(filling);
    CHECK(filling.slots == std::vector<int>{-1, 4, -1, 3});
    CHECK(t.slots.n_live() == 5);
    CHECK(t.join().slots == std::vector<int>{5, 6, 7, 8});
    t.check();
}
