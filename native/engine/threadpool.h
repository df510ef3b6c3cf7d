// CPU threads that stay for the life of a context. Without them ggml makes and joins its threads in every graph.
#pragma once
#include <memory>

struct ggml_threadpool;

namespace corrsynth {

struct ThreadpoolDeleter {
    void operator()(ggml_threadpool * pool) const;
};
using ThreadpoolHandle = std::unique_ptr<ggml_threadpool, ThreadpoolDeleter>;

// Null where there is no CPU backend to make one: ggml then looks after itself.
ThreadpoolHandle make_threadpool(int n_threads);

}  // namespace corrsynth
