#include "backends/cuda.h"

#include <algorithm>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include "backends/shared_library.h"
#include "ggml.h"

namespace corrsynth {
namespace {

static_assert(sizeof(Partner) == sizeof(corrsynth_cuda_partner), "one is handed over as the other");

const char * const kFileName =
#ifdef _WIN32
    "corrsynth-cuda.dll";
#else
    "libcorrsynth-cuda.so";
#endif

std::string path_in(const std::string & directory) { return directory + "/" + kFileName; }

}  // namespace

bool CudaLibrary::is_in(const std::string & directory) { return std::ifstream(path_in(directory)).good(); }

const CudaLibrary * CudaLibrary::load(const std::string & directory, std::string & message) {
    static std::mutex mutex;
    static std::unique_ptr<CudaLibrary> loaded;
    const std::lock_guard<std::mutex> lock(mutex);
    if (loaded) return loaded.get();
    SharedLibrary file(path_in(directory), message);
    const auto abi = file.function<decltype(&corrsynth_cuda_abi)>("corrsynth_cuda_abi");
    if (!abi) return nullptr;
    if (abi() != CORRSYNTH_CUDA_ABI) {
        message = std::string(kFileName) + " is of another version: expected interface " +
                  std::to_string(CORRSYNTH_CUDA_ABI) + ", found " + std::to_string(abi());
        return nullptr;
    }
    loaded = std::make_unique<CudaLibrary>();
    loaded->open = file.function<decltype(&corrsynth_cuda_open)>("corrsynth_cuda_open");
    loaded->step = file.function<decltype(&corrsynth_cuda_step)>("corrsynth_cuda_step");
    loaded->count = file.function<decltype(&corrsynth_cuda_count)>("corrsynth_cuda_count");
    loaded->close = file.function<decltype(&corrsynth_cuda_close)>("corrsynth_cuda_close");
    return loaded.get();
}

CudaBackend::CudaBackend(const BackendOptions & options, std::string directory)
    : options_(options), directory_(std::move(directory)), tokens_(options.max_rows), log_probs_(options.max_rows) {}

CudaBackend::~CudaBackend() {
    if (sampler_) library_->close(sampler_);
}

bool CudaBackend::open(const void * logits) {
    library_ = CudaLibrary::load(directory_, why_not_);
    if (!library_) return false;
    std::vector<uint8_t> flags(options_.n_vocab);
    for (int w = 0; w < options_.n_vocab; ++w) {
        flags[w] = (options_.mask->is_banned(w) ? CORRSYNTH_CUDA_BANNED : 0) |
                   (options_.mask->is_end(w) ? CORRSYNTH_CUDA_END : 0);
    }
    char message[256] = "";
    const corrsynth_cuda_config config{static_cast<const float *>(logits), options_.max_rows, options_.n_vocab,
                                       flags.data()};
    sampler_ = library_->open(&config, message);
    if (!sampler_) why_not_ = message;
    return sampler_ != nullptr;
}

bool CudaBackend::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) {
    if (is_hopeless_ || !logits.tensor) return false;
    if (logits.second) {
        why_not_ = "a second matrix of logits is read on the host";
        return false;
    }
    if (!sampler_ && !open(logits.tensor->data)) {
        is_hopeless_ = true;
        return false;
    }

    groups_.clear();
    bool with_log_probs = false;
    for (int g = 0; g < n_groups; ++g) {
        const StepInput & input = groups[g].input;
        const auto * partners = reinterpret_cast<const corrsynth_cuda_partner *>(input.weights->partners.data());
        groups_.push_back({input.logits.n_rows, input.logits.row_index, input.draws, input.weights->own.data(),
                           input.weights->first.data(), partners, input.group, input.step});
        with_log_probs |= groups[g].log_probs != nullptr;
    }
    const StepParams & p = options_.step;
    const corrsynth_cuda_input input{
        static_cast<const float *>(logits.tensor->data),
        logits.tensor->nb[1] / sizeof(float),
        groups_.data(),
        n_groups,
        weights_changed,
        {p.alpha, p.temperature, p.top_p, p.top_k, p.keeps_ends, p.seed},
    };
    corrsynth_cuda_result result{};
    const corrsynth_cuda_status status =
        library_->step(sampler_, &input, tokens_.data(), with_log_probs ? log_probs_.data() : nullptr, &result);
    if (status == CORRSYNTH_CUDA_ERROR) throw std::runtime_error(result.message);
    for (int g = 0; g < n_groups; ++g) groups[g].result = {};
    if (status != CORRSYNTH_CUDA_OK) {
        const bool is_nan = status == CORRSYNTH_CUDA_NOT_A_NUMBER;
        groups[result.group].result = {is_nan ? StepStatus::kNotANumber : StepStatus::kNothingPlausible, result.row};
        return true;
    }
    size_t first = 0;
    for (int g = 0; g < n_groups; ++g) {
        const int n_rows = groups[g].input.logits.n_rows;
        std::copy_n(tokens_.begin() + first, n_rows, groups[g].tokens);
        if (groups[g].log_probs) std::copy_n(log_probs_.begin() + first, n_rows, groups[g].log_probs);
        first += n_rows;
    }
    return true;
}

}  // namespace corrsynth
