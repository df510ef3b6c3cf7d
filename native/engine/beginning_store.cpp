#include "engine/beginning_store.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace corrsynth {

const BeginningStore::State * BeginningStore::find(const Beginning & beginning) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry & entry) { return entry.beginning == beginning; });
    if (found == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found);
    return &found->state;
}

void BeginningStore::put(const Beginning & beginning, State state) {
    assert(has_room_for(beginning));
    n_tokens_ += beginning.tokens.size();
    while (n_tokens_ > max_tokens_) {
        n_tokens_ -= entries_.back().beginning.tokens.size();
        entries_.pop_back();
    }
    entries_.push_front({beginning, std::move(state)});
}

}  // namespace corrsynth
