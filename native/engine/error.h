// What can go wrong in the engine, and the one exception type it throws.
#pragma once
#include <stdexcept>
#include <string>

namespace corrsynth {

enum class ErrorCode {
    kModelLoad,      // the file is not a model that can generate
    kContextFull,    // more rows or tokens than the context holds
    kPromptTooLong,  // a prompt and its tokens to come do not fit a row
    kOutOfMemory,    // the device refused the memory for the KV cache or the compute buffers
    kDecode,         // llama.cpp failed in the middle of a batch
    kNotANumber,     // a logit was NaN or infinite
    kLayers,         // the model's earlier layers cannot be read
    kDevice,         // the device that was asked for is not there
    kCancelled,      // the caller asked to stop
    kTokenize,       // the vocabulary has no tokens for a prompt
    kInternal,       // whatever else was thrown: a fault of llama.cpp's or ours
};

const char * to_string(ErrorCode code);  // "MODEL_LOAD", ...

class EngineError : public std::runtime_error {
  public:
    EngineError(ErrorCode code, const std::string & message) : std::runtime_error(message), code_(code) {}
    ErrorCode code() const { return code_; }

  private:
    ErrorCode code_;
};

// The exception at hand, whatever it is, as the engine's own; to be called where it was caught. One that is not the
// engine's says little by itself, so its message begins with what failed, e.g. "The decode thread failed".
EngineError current_error(const std::string & failed);

// Collects what llama.cpp logs as warning or error on this thread while it lives: the reason behind a null pointer.
// Everything else llama.cpp logs is dropped.
class LogCapture {
  public:
    LogCapture();
    ~LogCapture();
    LogCapture(const LogCapture &) = delete;
    LogCapture & operator=(const LogCapture &) = delete;
    std::string reason() const;  // the first error, which later ones follow from, else the last warning; may be empty
};

}  // namespace corrsynth
