#include "engine/error.h"

#include <mutex>

#include "llama.h"

namespace corrsynth {
namespace {

thread_local LogCapture * current = nullptr;
thread_local std::string first_error, last_warning;

void on_log(ggml_log_level level, const char * text, void *) {
    if (!current) return;
    std::string line(text);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    if (line.empty()) return;
    if (level == GGML_LOG_LEVEL_ERROR && first_error.empty()) first_error = line;
    if (level == GGML_LOG_LEVEL_WARN) last_warning = line;
}

}  // namespace

const char * to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::kModelLoad:
            return "MODEL_LOAD";
        case ErrorCode::kContextFull:
            return "CONTEXT_FULL";
        case ErrorCode::kPromptTooLong:
            return "PROMPT_TOO_LONG";
        case ErrorCode::kOutOfMemory:
            return "OUT_OF_MEMORY";
        case ErrorCode::kDecode:
            return "DECODE";
        case ErrorCode::kNotANumber:
            return "NOT_A_NUMBER";
        case ErrorCode::kDevice:
            return "DEVICE";
        case ErrorCode::kCancelled:
            return "CANCELLED";
    }
    return "DECODE";
}

LogCapture::LogCapture() {
    static std::once_flag once;
    std::call_once(once, [] { llama_log_set(on_log, nullptr); });
    first_error.clear();
    last_warning.clear();
    current = this;
}

LogCapture::~LogCapture() { current = nullptr; }

std::string LogCapture::reason() const { return first_error.empty() ? last_warning : first_error; }

}  // namespace corrsynth
