#include "engine/slot_table.h"

#include <algorithm>

namespace corrsynth {

void SlotTable::reserve(InFlight & entry) const {
    int slot = n_live();
    for (int row = 0; row < entry.group.n_rows(); ++row) {
        if (is_here(entry.group, row)) entry.slots[row] = slot++;
    }
}

void SlotTable::join(InFlight & entry) {
    std::vector<int> rows;
    for (int row = 0; row < entry.group.n_rows(); ++row) {
        if (is_here(entry.group, row)) rows.push_back(row);
    }
    const int first = n_live(), end = first + static_cast<int>(rows.size());
    int gap = first;
    for (const int row : rows) {
        if (entry.slots[row] >= end) move({&entry, row}, gap++);
    }
    live_.resize(end);
    for (const int row : rows) live_[entry.slots[row]] = {&entry, row};
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
