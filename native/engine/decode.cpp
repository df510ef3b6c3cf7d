#include "engine/decode.h"

#include <string>

#include "engine/error.h"

namespace corrsynth {

void decode_batch(const Model & model, llama_context * context, const LlamaBatch & batch,
                  const std::atomic<bool> & cancel, const char * stopped) {
    const LogCapture log;
    const int status = llama_decode(context, batch.batch);
    if (status == 2 || cancel) throw EngineError(ErrorCode::kCancelled, stopped);
    model.check_files();
    if (status == 1) throw EngineError(ErrorCode::kContextFull, "The KV cache has no room for the next tokens");
    if (status != 0) {
        throw EngineError(ErrorCode::kDecode, "llama.cpp failed to decode a batch of " +
                                                  std::to_string(batch.batch.n_tokens) + " tokens (status " +
                                                  std::to_string(status) + "): " + log.reason());
    }
}

bool is_set(void * flag) { return static_cast<const std::atomic<bool> *>(flag)->load(std::memory_order_relaxed); }

}  // namespace corrsynth
