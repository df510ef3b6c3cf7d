// The host side of a step: send the rows, launch, wait, read the tokens. Behind the C interface of cuda_sampler.h.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "backends/cuda/cuda_sampler.h"
#include "backends/cuda/draw.cuh"
#include "backends/cuda/scan_rows.cuh"
#include "backends/cuda/step_results.h"
#include "backends/cuda/step_upload.h"
#include "backends/cuda/sum_exponentials.cuh"

namespace corrsynth {
namespace cuda {
namespace {

constexpr int kMaxRows = 4096;

// The device in whose memory data lies.
int device_of(const void * data) {
    cudaPointerAttributes attributes;
    check(cudaPointerGetAttributes(&attributes, data), "cudaPointerGetAttributes");
    if (attributes.type != cudaMemoryTypeDevice && attributes.type != cudaMemoryTypeManaged) {
        throw Failure(
            "Expected logits in the memory of a CUDA device, received a pointer to host memory: sample on "
            "the host, or load the output layer onto the GPU");
    }
    return attributes.device;
}

unsigned divided_up(int n, int by) { return static_cast<unsigned>((n + by - 1) / by); }

}  // namespace

class CudaSampler {
  public:
    explicit CudaSampler(const corrsynth_cuda_config & config);
    ~CudaSampler();
    corrsynth_cuda_result step(const corrsynth_cuda_input & input, int32_t * tokens, double * log_probs);

    corrsynth_cuda_counters counters = {};

  private:
    // Members of the C object that lives on one device; freed while that device is the current one.
    struct OnDevice {
        OnDevice(const corrsynth_cuda_config & config);
        Stream stream;
        StepUpload upload;
        StepResults results;
        DeviceBuffer token_flags, block_banned, block_best, list_tokens, list_scores;
        DeviceBuffer scores;  // allocated by the first step that scores the whole vocabulary
    };

    Step describe(const corrsynth_cuda_input & input, bool wants_log_probs) const;
    void score_and_draw(Step & step);
    corrsynth_cuda_result find_failure(const corrsynth_cuda_input & input) const;
    double log_partition(int m) const;
    void fetch(StepResults::Part from, StepResults::Part to);

    int device_, max_rows_, n_vocab_;
    const float * checked_logits_;
    std::unique_ptr<OnDevice> on_;
};

CudaSampler::OnDevice::OnDevice(const corrsynth_cuda_config & config)
    : upload(config.max_rows), results(config.max_rows) {
    const size_t max_rows = config.max_rows, n_vocab = config.n_vocab, blocks = n_blocks(config.n_vocab);
    stream.create();
    token_flags.allocate(n_vocab);
    block_banned.allocate(blocks);
    block_best.allocate(max_rows * blocks * sizeof(uint32_t));
    list_tokens.allocate(max_rows * kListRoom * sizeof(int32_t));
    list_scores.allocate(max_rows * kListRoom * sizeof(double));

    std::vector<uint8_t> flags(n_vocab), banned(blocks);
    if (config.token_flags) std::copy_n(config.token_flags, n_vocab, flags.begin());
    for (size_t w = 0; w < n_vocab; ++w) {
        if (flags[w] & kBannedToken) banned[w / kBlock] = 1;
    }
    const auto copy = [&](const DeviceBuffer & to, const std::vector<uint8_t> & from) {
        check(cudaMemcpyAsync(to.at(0), from.data(), from.size(), cudaMemcpyHostToDevice, stream.get()),
              "cudaMemcpyAsync");
    };
    copy(token_flags, flags);
    copy(block_banned, banned);
    stream.wait();
}

CudaSampler::CudaSampler(const corrsynth_cuda_config & config)
    : device_(device_of(config.logits)),
      max_rows_(config.max_rows),
      n_vocab_(config.n_vocab),
      checked_logits_(config.logits) {
    if (max_rows_ < 1 || max_rows_ > kMaxRows || n_vocab_ < 1) {
        throw Failure("Expected 1 to " + std::to_string(kMaxRows) + " rows and at least 1 token, received " +
                      std::to_string(max_rows_) + " and " + std::to_string(n_vocab_));
    }
    const CurrentDevice current(device_);
    on_ = std::make_unique<OnDevice>(config);
}

CudaSampler::~CudaSampler() {
    try {
        const CurrentDevice current(device_);
        on_.reset();
    } catch (const Failure &) {
        on_.reset();  // the driver is going down and takes the memory with it
    }
}

Step CudaSampler::describe(const corrsynth_cuda_input & input, bool wants_log_probs) const {
    const corrsynth_cuda_params & p = input.params;
    Step step = {};
    step.logits = input.logits;
    step.stride = input.stride;
    step.n_vocab = n_vocab_;
    step.n_blocks = n_blocks(n_vocab_);
    step.token_flags = on_->token_flags.as<uint8_t>();
    step.block_banned = on_->block_banned.as<uint8_t>();
    step.log_alpha = p.alpha > 0 ? std::log(p.alpha) : -std::numeric_limits<double>::infinity();
    step.temperature = p.temperature;
    step.top_p = p.top_p;
    step.top_k = p.top_k;
    step.keeps_ends = p.keeps_ends != 0;
    step.seed = p.seed;
    step.block_best = on_->block_best.as<uint32_t>();
    step.list_tokens = on_->list_tokens.as<int32_t>();
    step.list_scores = on_->list_scores.as<double>();
    on_->upload.point(step);
    on_->results.point(step);
    if (!wants_log_probs) step.drawn_logits = nullptr;
    return step;
}

corrsynth_cuda_result CudaSampler::step(const corrsynth_cuda_input & input, int32_t * tokens, double * log_probs) {
    if (input.logits != checked_logits_) {
        const int device = device_of(input.logits);
        if (device != device_) {
            throw Failure("Expected logits on CUDA device " + std::to_string(device_) +
                          ", as opened, received them on " + std::to_string(device) + ": open a sampler there");
        }
        checked_logits_ = input.logits;
    }
    const CurrentDevice current(device_);
    on_->upload.fill(input);
    const int n_rows = on_->upload.n_rows();
    counters.steps++;
    if (n_rows == 0) return {CORRSYNTH_CUDA_OK, -1, -1, ""};
    Step step = describe(input, log_probs != nullptr);
    const cudaStream_t stream = on_->stream.get();

    counters.bytes_to_device += on_->upload.send(stream);
    CORRSYNTH_LAUNCH(scan_rows, dim3(divided_up(step.n_blocks, kScanBlocks), n_rows), dim3(kScanThreads), stream, step);
    if (log_probs) CORRSYNTH_LAUNCH(sum_exponentials, dim3(n_rows), dim3(kSumThreads), stream, step);
    if (input.params.alpha > 0) CORRSYNTH_LAUNCH(draw_from_list, dim3(n_rows), dim3(kDrawThreads), stream, step);
    else score_and_draw(step);
    check(cudaGetLastError(), "the launch of a kernel");
    fetch(log_probs ? StepResults::kExpSums : StepResults::kTokens, StepResults::kEnd);

    const int32_t * drawn = on_->results.tokens(n_rows);
    if (std::count(drawn, drawn + n_rows, kListOverflow)) {
        score_and_draw(step);
        check(cudaGetLastError(), "the launch of a kernel");
        fetch(log_probs ? StepResults::kDrawnLogits : StepResults::kTokens, StepResults::kEnd);
    }
    const corrsynth_cuda_result result = find_failure(input);
    if (result.status != CORRSYNTH_CUDA_OK) return result;
    std::copy_n(drawn, n_rows, tokens);
    for (int m = 0; log_probs && m < n_rows; ++m) {
        if (drawn[m] >= 0) log_probs[m] = on_->results.drawn_logits(n_rows)[m] - log_partition(m);
    }
    return result;
}

void CudaSampler::score_and_draw(Step & step) {
    if (!on_->scores.as<double>()) on_->scores.allocate(static_cast<size_t>(max_rows_) * n_vocab_ * sizeof(double));
    counters.dense_steps++;
    step.scores = on_->scores.as<double>();
    const cudaStream_t stream = on_->stream.get();
    const dim3 grid(static_cast<unsigned>(step.n_rows), divided_up(n_vocab_, kScoreThreads));
    CORRSYNTH_LAUNCH(score_vocabulary, grid, dim3(kScoreThreads), stream, step);
    CORRSYNTH_LAUNCH(draw_from_scores, dim3(step.n_rows), dim3(kDrawThreads), stream, step);
}

// The logarithm is the host's own, here and in sample_step: the two libraries' differ in the last bit.
double CudaSampler::log_partition(int m) const {
    return on_->results.tops(on_->upload.n_rows())[m] + std::log(on_->results.exp_sums()[m]);
}

void CudaSampler::fetch(StepResults::Part from, StepResults::Part to) {
    counters.bytes_to_host += on_->results.fetch(from, to, on_->upload.n_rows(), on_->stream.get());
    on_->stream.wait();
}

corrsynth_cuda_result CudaSampler::find_failure(const corrsynth_cuda_input & input) const {
    const int32_t * drawn = on_->results.tokens(on_->upload.n_rows());
    for (int g = 0, at = 0; g < input.n_groups; ++g) {
        for (int m = 0; m < input.groups[g].n_rows; ++m, ++at) {
            if (drawn[at] == kRowNotANumber) return {CORRSYNTH_CUDA_NOT_A_NUMBER, g, m, ""};
            if (drawn[at] == kRowNothingPlausible) return {CORRSYNTH_CUDA_NOTHING_PLAUSIBLE, g, m, ""};
        }
    }
    return {CORRSYNTH_CUDA_OK, -1, -1, ""};
}

}  // namespace cuda
}  // namespace corrsynth

struct corrsynth_cuda {
    corrsynth::cuda::CudaSampler sampler;
};

namespace {

constexpr size_t kMessageBytes = sizeof(corrsynth_cuda_result::message);

void write_message(char * message, const char * text) { std::snprintf(message, kMessageBytes, "%s", text); }

}  // namespace

int32_t corrsynth_cuda_abi(void) { return CORRSYNTH_CUDA_ABI; }

corrsynth_cuda * corrsynth_cuda_open(const corrsynth_cuda_config * config, char * message) {
    message[0] = '\0';
    try {
        return new corrsynth_cuda{corrsynth::cuda::CudaSampler(*config)};
    } catch (const std::exception & e) {
        write_message(message, e.what());
        return nullptr;
    }
}

corrsynth_cuda_status corrsynth_cuda_step(corrsynth_cuda * sampler, const corrsynth_cuda_input * input,
                                          int32_t * tokens, double * log_probs, corrsynth_cuda_result * result) {
    try {
        *result = sampler->sampler.step(*input, tokens, log_probs);
    } catch (const std::exception & e) {
        *result = {CORRSYNTH_CUDA_ERROR, -1, -1, ""};
        write_message(result->message, e.what());
    }
    return result->status;
}

corrsynth_cuda_counters corrsynth_cuda_count(const corrsynth_cuda * sampler) { return sampler->sampler.counters; }

void corrsynth_cuda_close(corrsynth_cuda * sampler) { delete sampler; }
