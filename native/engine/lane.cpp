#include "engine/lane.h"

namespace corrsynth {

StepLogits Lane::step() {
    const int n = slots_.n_live();
    for (int slot = 0; slot < n; ++slot) {
        const SlotOwner & owner = slots_[slot];
        tokens_[slot] = owner.in_flight->group.next_token(owner.row);
        positions_[slot] = owner.in_flight->group.next_position(owner.row);
    }
    return context_.step(tokens_.data(), positions_.data(), n);
}

void Lane::release() {
    slots_.release(ended_);
    ended_.clear();
}

}  // namespace corrsynth
