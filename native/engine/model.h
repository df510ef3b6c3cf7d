// A loaded model: weights and vocabulary. Immutable once loaded, so contexts on several threads may share it.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/devices.h"
#include "engine/file_guard.h"
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
    bool is_causal = true;  // each token sees those before it alone: else the model cannot write
    std::string pooling;    // "mean", "cls", "last" or "rank", as the file says how a text is embedded; may be empty
    uint64_t kv_bytes_per_token = 0;     // f16 keys and values of one token over all layers
    std::vector<DeviceInfo> devices;     // that it was put on; none: the CPU alone
    int n_candidates = 0;                // devices of which SplitMode::kNone takes one
    bool needs_flash_attention = false;  // split by tensors, where llama.cpp makes no context without
};

class Model {
  public:
    // Throws EngineError kModelLoad that says what is wrong with the file, and kDevice as choose_devices does. cancel,
    // when given, stops the loading.
    static std::shared_ptr<const Model> load(const std::string & path, const DeviceOptions & device = {},
                                             const std::atomic<bool> * cancel = nullptr);

    const ModelInfo & info() const { return info_; }
    const Vocabulary & vocabulary() const { return *vocabulary_; }
    llama_model * handle() const { return handle_.get(); }

    // Throws EngineError kModelLoad when part of a file is gone since it was mapped: what is computed now is nobody's.
    void check_files() const;

  private:
    Model(const std::string & path, LlamaModelHandle handle, std::unique_ptr<FileGuard> files,
          std::vector<DeviceInfo> devices, int n_candidates);
    std::string path_;
    LlamaModelHandle handle_;
    std::unique_ptr<FileGuard> files_;  // goes before the mappings do
    std::unique_ptr<Vocabulary> vocabulary_;
    ModelInfo info_;
};

}  // namespace corrsynth
