#include "engine/error.h"

#include <mutex>
#include <new>
#include <system_error>

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
        case ErrorCode::kLayers:
            return "LAYERS";
        case ErrorCode::kDevice:
            return "DEVICE";
        case ErrorCode::kCancelled:
            return "CANCELLED";
        case ErrorCode::kTokenize:
            return "TOKENIZE";
        case ErrorCode::kInternal:
            return "INTERNAL";
    }
    return "INTERNAL";
}

EngineError current_error(const std::string & failed) {
    try {
        throw;
    } catch (const EngineError & error) {
        return error;
    } catch (const std::bad_alloc &) {
        return EngineError(ErrorCode::kOutOfMemory, failed + ": no memory is left");
    } catch (const std::length_error & error) {  // a size that no memory could hold
        return EngineError(ErrorCode::kOutOfMemory, failed + ": " + error.what());
    } catch (const std::system_error & error) {  // no thread could be started, say
        const bool is_scarce =
            error.code() == std::errc::resource_unavailable_try_again || error.code() == std::errc::not_enough_memory;
        return EngineError(is_scarce ? ErrorCode::kOutOfMemory : ErrorCode::kInternal, failed + ": " + error.what());
    } catch (const std::exception & error) {
        return EngineError(ErrorCode::kInternal, failed + ": " + error.what());
    } catch (...) {
        return EngineError(ErrorCode::kInternal, failed + ": what was thrown is no exception");
    }
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
