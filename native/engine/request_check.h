// Whether a group that was handed in can be made: what lib/ should have seen to, and prompts that are too long.
#pragma once
#include <array>

#include "engine/group.h"

namespace corrsynth {

// rooms: tokens that a row can hold, by source. Throws EngineError kDecode for a group that is none, kPromptTooLong.
void check_request(const GroupRequest & request, const GroupShape & shape, const RowLimits & limits,
                   const std::array<int, 2> & rooms);

}  // namespace corrsynth
