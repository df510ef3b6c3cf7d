// The devices that ggml found, and which of them a model is put on.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

struct ggml_backend_device;

namespace corrsynth {

struct DeviceInfo {
    std::string name;         // "CPU", "CUDA0", "RPC0[127.0.0.1:50052]"
    std::string description;  // e.g. "NVIDIA H200"
    std::string backend;      // "cpu", "cuda", "metal", "vulkan", "rpc", ...: lower case
    bool is_gpu = false;      // a device of its own beside the CPU, one of another machine included
    uint64_t memory_free = 0, memory_total = 0;
};

enum class SplitMode { kNone, kLayer, kRow, kTensor };

struct DeviceOptions {
    std::string gpu = "auto";  // a backend's name, "auto": all there is, or "": the CPU alone
    int n_gpu_layers = -1;     // negative: all
    int main_gpu = 0;          // the device used with SplitMode::kNone
    SplitMode split_mode = SplitMode::kLayer;
    std::vector<float> tensor_split;       // share of each device; empty: by their memory
    bool mmap = true;                      // the files are mapped, and read while the model runs; else read once
    std::vector<std::string> rpc_servers;  // "host:port" of llama.cpp's RPC servers, whose devices come after the own
};

// Makes ggml's backends known: a no-op where they are linked in; else loads them from the folder of the addon.
void load_backends(const std::string & directory);

// The same for the folder of a package with a GPU's backend, which comes in addition. Empty when one was found there,
// else why not. Each folder is looked at once.
std::string add_backends(const std::string & directory);

// Where libcorrsynth-cuda is: the latest of these folders that has it, else the first; "." before the first call.
std::string cuda_sampler_directory();

std::vector<DeviceInfo> devices();

// The devices that a model goes on, none for the CPU alone. Connects to the RPC servers, once each.
// Throws EngineError kDevice that names what there is when what was asked for is not among it.
std::vector<ggml_backend_device *> choose_devices(const DeviceOptions & options);

// Empty where libcorrsynth-cuda, which draws on CUDA devices, is at hand; else why it is not.
std::string cuda_sampler_problem();

DeviceInfo describe(ggml_backend_device * device);

}  // namespace corrsynth
