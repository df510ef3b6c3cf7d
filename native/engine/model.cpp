#include "engine/model.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <fstream>
#include <system_error>

#include "engine/error.h"

namespace corrsynth {
namespace {

[[noreturn]] void refuse(const std::string & path, const std::string & why) {
    throw EngineError(ErrorCode::kModelLoad, "Cannot read model \"" + path + "\": " + why);
}

// The first bytes of a file, printable, so that a message can show what it is instead of a model.
std::string shown(const char * bytes, size_t n) {
    static const char * hex = "0123456789abcdef";
    std::string out;
    for (size_t i = 0; i < n; ++i) {
        const auto c = static_cast<unsigned char>(bytes[i]);
        if (std::isprint(c) && c != '"' && c != '\\') {
            out += static_cast<char>(c);
        } else {
            out += std::string("\\x") + hex[c >> 4] + hex[c & 15];
        }
    }
    return out;
}

// What llama.cpp would only say in its log, or not at all.
void check_file(const std::string & path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse(path, "there is no such file, or it may not be read");
    std::array<char, 4> magic{};
    file.read(magic.data(), magic.size());
    const auto n = static_cast<size_t>(file.gcount());
    if (n == 0) refuse(path, "it is empty or not a regular file");
    if (n < magic.size() || std::memcmp(magic.data(), "GGUF", 4) != 0) {
        refuse(path, "not a GGUF file, it starts with \"" + shown(magic.data(), n) + "\"");
    }
    const LogCapture log;
    const GgufHandle gguf(gguf_init_from_file(path.c_str(), {/*no_alloc=*/true, /*ctx=*/nullptr}));
    if (!gguf) refuse(path, "its GGUF header is damaged or cut short (" + log.reason() + ")");
    if (gguf_get_n_tensors(gguf.get()) == 0)
        refuse(path, "it holds a vocabulary but no weights; load the model itself");
}

std::string metadata(const llama_model * model, const char * key) {
    std::array<char, 256> value{};
    return llama_model_meta_val_str(model, key, value.data(), value.size()) < 0 ? "" : value.data();
}

// What llama.cpp has no question for: some architectures say it in their code, the others in the file.
bool is_causal(const llama_model * model, const std::string & architecture) {
    for (const char * both_ways : {"gemma-embedding", "dream", "llada", "llada-moe", "rnd1"}) {
        if (architecture == both_ways) return false;
    }
    return metadata(model, (architecture + ".attention.causal").c_str()) != "false";
}

std::string pooling_of(const llama_model * model, const std::string & architecture) {
    static const std::array<const char *, 5> names = {"", "mean", "cls", "last", "rank"};  // enum llama_pooling_type
    const std::string given = metadata(model, (architecture + ".pooling_type").c_str());
    return given.size() == 1 && given[0] >= '0' && given[0] <= '4' ? names[given[0] - '0'] : "";
}

uint64_t kv_bytes_per_token(const llama_model * model, const std::string & architecture) {
    const auto length = [&](const char * key) -> uint64_t {
        const std::string given = metadata(model, (architecture + ".attention." + key).c_str());
        uint32_t n = 0;
        if (std::from_chars(given.data(), given.data() + given.size(), n).ec == std::errc()) return n;
        const int n_head = llama_model_n_head(model);
        return n_head > 0 ? llama_model_n_embd(model) / n_head : 0;
    };
    const uint64_t heads = llama_model_n_head_kv(model);
    return static_cast<uint64_t>(llama_model_n_layer(model)) * heads * (length("key_length") + length("value_length")) *
           2;
}

struct Loading {
    std::unique_ptr<FileGuard> files;
    const std::atomic<bool> * cancel;  // or null
    bool is_known;                     // where the files are mapped; nowhere, when they are only read
};

// Called for each tensor. The files are mapped when the first is read.
bool go_on(float, void * data) {
    auto & loading = *static_cast<Loading *>(data);
    if (!loading.is_known) loading.files->look();
    loading.is_known = true;
    return !loading.cancel || !*loading.cancel;
}

llama_split_mode to_llama(SplitMode mode) {
    switch (mode) {
        case SplitMode::kNone:
            return LLAMA_SPLIT_MODE_NONE;
        case SplitMode::kRow:
            return LLAMA_SPLIT_MODE_ROW;
        case SplitMode::kTensor:
            return LLAMA_SPLIT_MODE_TENSOR;
        default:
            return LLAMA_SPLIT_MODE_LAYER;
    }
}

}  // namespace

std::shared_ptr<const Model> Model::load(const std::string & path, const DeviceOptions & device,
                                         const std::atomic<bool> * cancel) {
    check_file(path);
    std::vector<ggml_backend_dev_t> chosen = choose_devices(device);
    const int n_candidates = static_cast<int>(chosen.size());
    if (device.split_mode == SplitMode::kNone && !chosen.empty()) chosen = {chosen[device.main_gpu]};
    std::vector<DeviceInfo> used;
    for (ggml_backend_dev_t d : chosen) used.push_back(describe(d));
    if (device.n_gpu_layers == 0) used.clear();
    std::vector<float> split = device.tensor_split;
    split.resize(llama_max_devices(), 0.0f);
    llama_model_params params = llama_model_default_params();
    params.n_gpu_layers = chosen.empty() ? 0 : device.n_gpu_layers;
    params.split_mode = chosen.empty() ? LLAMA_SPLIT_MODE_LAYER : to_llama(device.split_mode);
    if (!device.tensor_split.empty()) params.tensor_split = split.data();
    chosen.push_back(nullptr);  // ends the list
    params.devices = chosen.data();
    params.load_mode = device.mmap ? LLAMA_LOAD_MODE_AUTO : LLAMA_LOAD_MODE_NONE;
    Loading loading{std::make_unique<FileGuard>(path), cancel, !device.mmap};
    params.progress_callback = go_on;
    params.progress_callback_user_data = &loading;
    const LogCapture log;
    LlamaModelHandle handle(llama_model_load_from_file(path.c_str(), params));
    if (cancel && *cancel) throw EngineError(ErrorCode::kCancelled, "Loading \"" + path + "\" was stopped");
    if (!handle) refuse(path, log.reason().empty() ? "llama.cpp gave no reason" : log.reason());
    if (device.mmap) loading.files->look();  // llama.cpp lets go of what it does not read again
    if (llama_vocab_type(llama_model_get_vocab(handle.get())) == LLAMA_VOCAB_TYPE_NONE)
        refuse(path, "it has no vocabulary");
    if (llama_model_n_ctx_train(handle.get()) < 1)
        refuse(path, "it says that it was trained on texts of " +
                         std::to_string(llama_model_n_ctx_train(handle.get())) + " tokens");
    if (!llama_model_has_decoder(handle.get()) || llama_model_has_encoder(handle.get())) {
        refuse(path, "its architecture has an encoder beside its decoder; take a decoder-only language model");
    }
    std::shared_ptr<Model> model(
        new Model(path, std::move(handle), std::move(loading.files), std::move(used), n_candidates));
    model->check_files();
    model->info_.needs_flash_attention = params.split_mode == LLAMA_SPLIT_MODE_TENSOR;
    return model;
}

void Model::check_files() const {
    if (!files_->was_lost()) return;
    throw EngineError(
        ErrorCode::kModelLoad,
        "Cannot read model \"" + path_ +
            "\" any more: its file was cut shorter, or its disk failed, while it was in use. What was made "
            "before stays; put the file back by renaming another onto it, and load the model again");
}

Model::Model(const std::string & path, LlamaModelHandle handle, std::unique_ptr<FileGuard> files,
             std::vector<DeviceInfo> devices, int n_candidates)
    : path_(path),
      handle_(std::move(handle)),
      files_(std::move(files)),
      vocabulary_(std::make_unique<Vocabulary>(llama_model_get_vocab(handle_.get()))) {
    const llama_model * model = handle_.get();
    std::array<char, 128> description{};
    llama_model_desc(model, description.data(), description.size());
    const char * chat_template = llama_model_chat_template(model, nullptr);
    info_.name = metadata(model, "general.name");
    info_.architecture = metadata(model, "general.architecture");
    info_.description = description.data();
    info_.chat_template = chat_template ? chat_template : "";
    info_.n_parameters = llama_model_n_params(model);
    info_.size_bytes = llama_model_size(model);
    info_.n_vocab = vocabulary_->size();
    info_.n_ctx_train = llama_model_n_ctx_train(model);
    info_.n_layers = llama_model_n_layer(model);
    info_.is_causal = is_causal(model, info_.architecture);
    info_.pooling = pooling_of(model, info_.architecture);
    info_.devices = std::move(devices);
    info_.n_candidates = n_candidates;
    info_.kv_bytes_per_token = kv_bytes_per_token(model, info_.architecture);
}

}  // namespace corrsynth
