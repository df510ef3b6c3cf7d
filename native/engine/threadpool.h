// CPU threads that stay for the life of a context. Without them ggml makes and joins its threads in every graph.
#pragma once
#include <memory>

struct ggml_threadpool;

namespace corrsynth {

constexpr int kMaxThreads = 512;  // that ggml takes (GGML_MAX_N_THREADS): with more it ends the process

struct ThreadpoolDeleter {
    void operator()(ggml_threadpool * pool) const;
};
using ThreadpoolHandle = std::unique_ptr<ggml_threadpool, ThreadpoolDeleter>;

// n_threads: 1..kMaxThreads. Null where there is no CPU backend to make one: ggml then looks after itself.
ThreadpoolHandle make_threadpool(int n_threads);

}  // namespace corrsynth
