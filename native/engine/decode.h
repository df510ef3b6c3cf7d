// One call of llama_decode, and what its status means.
#pragma once
#include <atomic>

#include "engine/llama_handles.h"
#include "engine/model.h"

namespace corrsynth {

// Throws EngineError kCancelled (its message is `stopped`), kContextFull, kDecode, and as Model::check_files.
void decode_batch(const Model & model, llama_context * context, const LlamaBatch & batch,
                  const std::atomic<bool> & cancel, const char * stopped);

// For llama_context_params.abort_callback: the flag, a std::atomic<bool>, is looked at between operations.
bool is_set(void * flag);

}  // namespace corrsynth
