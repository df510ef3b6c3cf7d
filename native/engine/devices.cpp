#include "engine/devices.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <mutex>

#include "backends/cuda.h"
#include "engine/error.h"
#include "ggml-backend.h"
#include "ggml-rpc.h"

namespace corrsynth {
namespace {

std::mutex mutex;
std::vector<std::string> directories;                      // of backends; guarded by mutex, as are the two below
std::map<std::string, std::string> problems;               // of folders that were added, by folder
std::map<std::string, ggml_backend_reg_t> rpc_registries;  // by "host:port"

void remember(const std::string & directory) {
    if (std::find(directories.begin(), directories.end(), directory) == directories.end())
        directories.push_back(directory);
}

bool is_library(const std::filesystem::path & path) {
    const std::string extension = path.extension().string();
    return extension == ".so" || extension == ".dll" || extension == ".dylib";
}

// Empty when a backend was loaded from that folder, else why none was.
std::string load_from(const std::string & directory) {
    const LogCapture log;
    std::error_code error;
    std::string problem = "it has no library of ggml's";
    for (const auto & entry : std::filesystem::directory_iterator(directory, error)) {
        const std::string name = entry.path().stem().string();
        if (!is_library(entry.path()) || (name.rfind("libggml-", 0) != 0 && name.rfind("ggml-", 0) != 0)) continue;
        if (ggml_backend_load(entry.path().string().c_str())) return {};
        problem = log.reason().empty() ? "ggml gave no reason" : log.reason();
    }
    return error ? error.message() : problem;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::string backend_of(ggml_backend_dev_t device) {
    const std::string name = lower(ggml_backend_reg_name(ggml_backend_dev_backend_reg(device)));
    if (name.rfind("rpc", 0) == 0) return "rpc";
    return name == "mtl" ? "metal" : name;
}

bool is_gpu(ggml_backend_dev_t device) {
    const enum ggml_backend_dev_type type = ggml_backend_dev_type(device);
    return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
}

std::string list_of_devices() {
    std::string out;
    for (const DeviceInfo & device : devices())
        out += (out.empty() ? "" : ", ") + device.name + " (" + device.backend + ")";
    return out;
}

ggml_backend_reg_t rpc_registry(const std::string & server) {
    const std::lock_guard<std::mutex> lock(mutex);
    ggml_backend_reg_t & registry = rpc_registries[server];
    if (registry) return registry;
    ggml_backend_reg_t rpc = ggml_backend_reg_by_name("RPC");
    const auto add = rpc ? reinterpret_cast<decltype(&ggml_backend_rpc_add_server)>(
                               ggml_backend_reg_get_proc_address(rpc, "ggml_backend_rpc_add_server"))
                         : nullptr;
    if (!add) throw EngineError(ErrorCode::kDevice, "This build cannot reach RPC servers");
    const LogCapture log;
    registry = add(server.c_str());
    if (!registry || ggml_backend_reg_dev_count(registry) == 0) {
        registry = nullptr;
        throw EngineError(ErrorCode::kDevice, "Expected an RPC server at \"" + server +
                                                  "\", but none answered: start llama.cpp's rpc-server there" +
                                                  (log.reason().empty() ? "" : " (" + log.reason() + ")"));
    }
    return registry;
}

}  // namespace

void load_backends(const std::string & directory) {
    const std::lock_guard<std::mutex> lock(mutex);
    remember(directory);
    const LogCapture quiet;
    if (ggml_backend_reg_count() == 0) ggml_backend_load_all_from_path(directory.c_str());
}

std::string add_backends(const std::string & directory) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto [known, is_new] = problems.try_emplace(directory);
    if (is_new) {  // ggml would show the devices of one that is loaded twice twice
        remember(directory);
        known->second = load_from(directory);
    }
    return known->second;
}

std::string cuda_sampler_directory() {
    const std::lock_guard<std::mutex> lock(mutex);
    for (auto it = directories.rbegin(); it != directories.rend(); ++it) {
        if (CudaLibrary::is_in(*it)) return *it;
    }
    return directories.empty() ? "." : directories.front();
}

DeviceInfo describe(ggml_backend_dev_t device) {
    DeviceInfo out;
    out.name = ggml_backend_dev_name(device);
    out.description = ggml_backend_dev_description(device);
    out.backend = backend_of(device);
    out.is_gpu = is_gpu(device);
    size_t n_free = 0, n_total = 0;
    ggml_backend_dev_memory(device, &n_free, &n_total);
    out.memory_free = n_free;
    out.memory_total = n_total;
    return out;
}

std::vector<DeviceInfo> devices() {
    const LogCapture quiet;
    std::vector<DeviceInfo> out;
    for (size_t i = 0; i < ggml_backend_dev_count(); ++i) out.push_back(describe(ggml_backend_dev_get(i)));
    return out;
}

std::string cuda_sampler_problem() {
    std::string message;
    return CudaLibrary::load(cuda_sampler_directory(), message) ? "" : message;
}

std::vector<ggml_backend_dev_t> choose_devices(const DeviceOptions & options) {
    std::vector<ggml_backend_dev_t> out;
    if (!options.gpu.empty()) {
        for (size_t i = 0; i < ggml_backend_dev_count(); ++i) {
            ggml_backend_dev_t device = ggml_backend_dev_get(i);
            if (is_gpu(device) && (options.gpu == "auto" || backend_of(device) == options.gpu)) out.push_back(device);
        }
        if (out.empty() && options.gpu != "auto") {
            throw EngineError(ErrorCode::kDevice, "Expected a device of \"" + options.gpu + "\", found " +
                                                      list_of_devices() + ": run \"corrsynth doctor\"");
        }
    }
    for (const std::string & server : options.rpc_servers) {
        ggml_backend_reg_t registry = rpc_registry(server);
        for (size_t i = 0; i < ggml_backend_reg_dev_count(registry); ++i)
            out.push_back(ggml_backend_reg_dev_get(registry, i));
    }
    if (!out.empty() && options.split_mode == SplitMode::kNone && options.main_gpu >= static_cast<int>(out.size())) {
        throw EngineError(ErrorCode::kDevice, "Expected mainGpu to be one of 0.." + std::to_string(out.size() - 1) +
                                                  ", received " + std::to_string(options.main_gpu));
    }
    return out;
}

}  // namespace corrsynth
