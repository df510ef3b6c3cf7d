// On a machine with a GPU: tokens of the CUDA sampler against sample_step's over awkward shapes, then microseconds per
// step. Loads the library as the engine does. Exit 0: equal; 1: not; 77: no CUDA device.
#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "backends/random_batch.h"

using namespace corrsynth_test;

namespace {

struct Library {
    decltype(&corrsynth_cuda_abi) abi;
    decltype(&corrsynth_cuda_open) open;
    decltype(&corrsynth_cuda_step) step;
    decltype(&corrsynth_cuda_count) count;
    decltype(&corrsynth_cuda_close) close;
};

[[noreturn]] void give_up(const std::string & why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

template <class Function>
void find(void * handle, const char * name, Function & function) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    if (!function) give_up(std::string("The library has no ") + name);
}

Library load(const char * path) {
    void * handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) give_up(std::string("Cannot load ") + path + ": " + dlerror());
    Library library;
    find(handle, "corrsynth_cuda_abi", library.abi);
    find(handle, "corrsynth_cuda_open", library.open);
    find(handle, "corrsynth_cuda_step", library.step);
    find(handle, "corrsynth_cuda_count", library.count);
    find(handle, "corrsynth_cuda_close", library.close);
    if (library.abi() != CORRSYNTH_CUDA_ABI) give_up("The library is of another version than this program");
    return library;
}

void must(cudaError_t error) {
    if (error != cudaSuccess) give_up(cudaGetErrorString(error));
}

// A batch with its logits on the device and a sampler for it.
class OnDevice {
  public:
    OnDevice(const Library & library, const Batch & batch) : library_(library), batch_(batch) {
        const size_t bytes = batch.logits.size() * sizeof(float);
        must(cudaMalloc(reinterpret_cast<void **>(&logits_), bytes));
        must(cudaMemcpy(logits_, batch.logits.data(), bytes, cudaMemcpyHostToDevice));
        const std::vector<uint8_t> flags = token_flags(batch);
        const corrsynth_cuda_config config{logits_, batch.n_rows(), batch.n_vocab, flags.data()};
        char message[256];
        sampler_ = library.open(&config, message);
        if (!sampler_) give_up(message);
    }
    ~OnDevice() {
        library_.close(sampler_);
        (void)cudaFree(logits_);
    }
    OnDevice(const OnDevice &) = delete;
    OnDevice & operator=(const OnDevice &) = delete;

    BatchOutcome step(bool wants_log_probs, bool weights_changed) {
        BatchOutcome out =
            cuda_outcome(library_.step, sampler_, batch_, logits_ + batch_.offset, wants_log_probs, weights_changed);
        if (out.status == CORRSYNTH_CUDA_ERROR) give_up(out.message);
        return out;
    }
    corrsynth_cuda_counters counters() const { return library_.count(sampler_); }

  private:
    const Library & library_;
    const Batch & batch_;
    float * logits_ = nullptr;
    corrsynth_cuda * sampler_ = nullptr;
};

struct Tally {
    long rows = 0, wrong = 0;
};

void compare(const Library & library, const Batch & batch, Tally & tally) {
    OnDevice device(library, batch);
    for (const bool wants_log_probs : {false, true}) {
        const BatchOutcome expected = expected_outcome(batch, wants_log_probs);
        const BatchOutcome drawn = device.step(wants_log_probs, !wants_log_probs);
        tally.rows += batch.n_rows();
        if (drawn == expected) continue;
        for (int m = 0; m < batch.n_rows(); ++m) {
            tally.wrong += drawn.tokens[m] != expected.tokens[m] || drawn.log_probs[m] != expected.log_probs[m];
        }
        const corrsynth::StepParams & p = batch.params;
        std::printf("differs: %d rows, %d tokens, alpha %g, T %g, p %g, k %d, status %d (expected %d)\n",
                    batch.n_rows(), batch.n_vocab, p.alpha, p.temperature, p.top_p, p.top_k, drawn.status,
                    expected.status);
    }
}

// The step of a run: groups of 20 rows, Hybrid's weights, logits of which some tens are plausible.
Batch timed_batch(int n_rows, int n_vocab) {
    Random random(61);
    Batch batch = random_batch(random, std::vector<int>(n_rows / 20, 20), n_vocab);
    batch.params = corrsynth::StepParams();
    batch.logits = random_logits(random, batch.logits.size(), 1.0);
    for (size_t g = 0; g < batch.groups.size(); ++g) {
        BatchGroup & group = batch.groups[g];
        for (int m = 0; m < 20; ++m) {
            group.active[m] = group.draws[m] = 1;
            group.row_index[m] = static_cast<int>(g) * 20 + m;
            for (int n = 0; n < 20; ++n) group.matrix[m * 20 + n] = m / 2 == n / 2 ? 0.5 : 0.1 / 18;
            for (int k = 0; k < 50; ++k) batch.row(static_cast<int>(g), m)[random.below(n_vocab)] += 8.0f + 0.1f * k;
        }
        contrast_weights(group.matrix.data(), group.gamma, 20, group.active.data(), group.weights);
    }
    return batch;
}

void time_steps(const Library & library, int n_rows, int n_vocab, double alpha, bool wants_log_probs) {
    Batch batch = timed_batch(n_rows, n_vocab);
    batch.params.alpha = alpha;
    OnDevice device(library, batch);
    device.step(wants_log_probs, true);
    std::vector<double> microseconds;
    const corrsynth_cuda_counters before = device.counters();
    constexpr int kSteps = 300;
    for (int i = 0; i < kSteps; ++i) {
        for (BatchGroup & group : batch.groups) group.step = static_cast<uint32_t>(i);
        const auto start = std::chrono::steady_clock::now();
        device.step(wants_log_probs, false);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
        microseconds.push_back(took.count());
    }
    std::sort(microseconds.begin(), microseconds.end());
    const corrsynth_cuda_counters after = device.counters();
    std::printf(
        "M=%d V=%d alpha=%g%s: median %.1f us per step, best %.1f, 90%% within %.1f (upload, launches, wait, "
        "read-back); %g bytes to the host per step\n",
        n_rows, n_vocab, alpha, wants_log_probs ? " with log-probabilities" : "", microseconds[kSteps / 2],
        microseconds[0], microseconds[kSteps * 9 / 10],
        static_cast<double>(after.bytes_to_host - before.bytes_to_host) / kSteps);
}

}  // namespace

int main(int argc, char ** argv) {
    const Library library = load(argc > 1 ? argv[1] : CORRSYNTH_CUDA_LIBRARY);
    int n_devices = 0;
    if (cudaGetDeviceCount(&n_devices) != cudaSuccess || n_devices == 0) {
        std::puts("no CUDA device");
        return 77;
    }
    Random random(60);
    Tally tally;
    for (int i = 0; i < 500; ++i) {
        const std::vector<int> groups(1 + random.below(4), random.pick<int>({1, 3, 20}));
        compare(library, random_batch(random, groups, random.pick<int>({5, 111, 256, 1 + random.below(3000)})), tally);
    }
    for (const double alpha : {1e-3, 0.1, 0.0, 1.0, 1e-12}) {
        for (const int n_vocab : {111, 32064, 151936}) {
            for (const int n_rows : {1, 3, 20, 160}) {
                Batch batch = random_batch(random, {n_rows}, n_vocab);
                batch.params.alpha = alpha;
                compare(library, batch, tally);
            }
        }
    }
    std::printf("%ld rows compared with sample_step, %ld differ\n", tally.rows, tally.wrong);
    for (const double alpha : {1e-3, 0.0}) {
        time_steps(library, 160, 128256, alpha, false);
        time_steps(library, 20, 32064, alpha, false);
    }
    time_steps(library, 160, 128256, 1e-3, true);
    return tally.wrong == 0 ? 0 : 1;
}
