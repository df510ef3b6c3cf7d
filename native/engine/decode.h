// One call of llama_decode, and what its status means.
#pragma once
#include <atomic>

#include "engine/llama_handles.h"

namespace corrsynth {

// Throws EngineError kCancelled (its message is `stopped`), kContextFull, kDecode.
void decode_batch(llama_context * context, const LlamaBatch & batch, const std::atomic<bool> & cancel,
                  const char * stopped);

}  // namespace corrsynth
