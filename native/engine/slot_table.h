// Which row sits in which slot of a context. Rows that are decoded have the slots 0..n_live-1, without a hole.
#pragma once
#include <vector>

#include "engine/context.h"
#include "engine/in_flight.h"

namespace corrsynth {

struct SlotOwner {
    InFlight * in_flight;
    int row;
    int slot() const { return in_flight->slots[row]; }
};

class SlotTable {
  public:
    // Of rows of this source alone.
    explicit SlotTable(Context & context, int source = 0) : context_(context), source_(source) {
        live_.reserve(context.n_slots());
    }

    int n_live() const { return static_cast<int>(live_.size()); }
    int n_free() const { return context_.n_slots() - n_live(); }
    const SlotOwner & operator[](int slot) const { return live_[slot]; }
    uint64_t n_moves() const { return n_moves_; }

    // The rows of a group, absent ones excepted, get the empty slots behind the live ones, where its prompts are put.
    // One group at a time.
    void reserve(InFlight & entry) const;

    // That group is decoded from now on. Rows that ended in the meantime have left a gap before it: its last rows fill
    // it.
    void join(InFlight & entry);

    // Gives the slots of ended rows back: the row in the last live slot moves into each hole. Reorders the list.
    void release(std::vector<SlotOwner> & ended);

  private:
    void move(const SlotOwner & owner, int to);
    bool is_here(const Group & group, int row) const {
        return !group.is_absent(row) && group.source_of(row) == source_;
    }
    Context & context_;
    const int source_;
    std::vector<SlotOwner> live_;
    uint64_t n_moves_ = 0;
};

}  // namespace corrsynth
