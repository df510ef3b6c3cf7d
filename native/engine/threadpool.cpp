#include "engine/threadpool.h"

#include <cassert>

#include "ggml-backend.h"
#include "ggml-cpu.h"

namespace corrsynth {
namespace {

// The functions belong to the CPU backend, which may be a library that was loaded at run time.
template <typename Function>
Function * cpu_function(Function *, const char * name) {
    ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (!device) return nullptr;
    return reinterpret_cast<Function *>(ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(device), name));
}

}  // namespace

void ThreadpoolDeleter::operator()(ggml_threadpool * pool) const {
    cpu_function(decltype (&ggml_threadpool_free)(nullptr), "ggml_threadpool_free")(pool);
}

ThreadpoolHandle make_threadpool(int n_threads) {
    assert(n_threads >= 1 && n_threads <= kMaxThreads);
    const auto create = cpu_function(decltype (&ggml_threadpool_new)(nullptr), "ggml_threadpool_new");
    if (!create) return nullptr;
    ggml_threadpool_params params = ggml_threadpool_params_default(n_threads);
    params.poll = 0;  // between two graphs the cores belong to the drawing threads, not to spinning ones
    return ThreadpoolHandle(create(&params));
}

}  // namespace corrsynth
