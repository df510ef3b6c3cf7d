// A loaded model: weights and vocabulary. Immutable once loaded, so contexts on several threads may share it.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/llama_handles.h"
#include "engine/vocabulary.h"

namespace corrsynth {

struct ModelInfo {
    std::string name;           // general.name, may be empty
    std::string architecture;   // general.architecture
    std::string description;    // e.g. "llama 135M Q8_0"
    std::string chat_template;  // Jinja source, empty where the model has none
    uint64_t n_parameters = 0;
    uint64_t size_bytes = 0;
    int n_vocab = 0;
    int n_ctx_train = 0;
    int n_layers = 0;
    uint64_t kv_bytes_per_token = 0;  // f16 keys and values of one token over all layers
};

class Model {
  public:
    // Throws EngineError kModelLoad that says what is wrong with the file. cancel, when given, stops the loading.
    static std::shared_ptr<const Model> load(const std::string & path, const std::atomic<bool> * cancel = nullptr);

    const ModelInfo & info() const { return info_; }
    const Vocabulary & vocabulary() const { return *vocabulary_; }
    llama_model * handle() const { return handle_.get(); }

  private:
    explicit Model(LlamaModelHandle handle);
    LlamaModelHandle handle_;
    std::unique_ptr<Vocabulary> vocabulary_;
    ModelInfo info_;
};

// Makes ggml's backends known: a no-op where they are linked in; else loads them from the folder of the addon, where
// libcorrsynth-cuda is looked for as well. Returns a line "name: description" for each device.
std::vector<std::string> load_backends(const std::string & directory);
std::string backend_directory();  // that folder, "." before the first call

}  // namespace corrsynth
