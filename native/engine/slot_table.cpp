#include "engine/slot_table.h"

#include <algorithm>

namespace corrsynth {

void SlotTable::reserve(InFlight & entry) const {
    for (size_t m = 0; m < entry.slots.size(); ++m) entry.slots[m] = n_live() + static_cast<int>(m);
}

void SlotTable::join(InFlight & entry) {
    const int n_rows = static_cast<int>(entry.slots.size());
    const int first = n_live(), end = first + n_rows;
    int gap = first;
    for (int row = 0; row < n_rows; ++row) {
        if (entry.slots[row] >= end) move({&entry, row}, gap++);
    }
    live_.resize(end);
    for (int row = 0; row < n_rows; ++row) live_[entry.slots[row]] = {&entry, row};
}

void SlotTable::release(std::vector<SlotOwner> & ended) {
    // from the last slot down, so that no ended row is moved
    std::sort(ended.begin(), ended.end(), [](const SlotOwner & a, const SlotOwner & b) { return a.slot() > b.slot(); });
    for (const SlotOwner & owner : ended) {
        const int hole = owner.slot();
        if (hole == n_live() - 1) {
            context_.clear(hole);
        } else {
            live_[hole] = live_.back();
            move(live_[hole], hole);
        }
        live_.pop_back();
    }
}

void SlotTable::move(const SlotOwner & owner, int to) {
    context_.move(owner.slot(), to);
    owner.in_flight->slots[owner.row] = to;
    ++n_moves_;
}

}  // namespace corrsynth
