// The fibers of cuda_runtime.h. One is created with makecontext and from then on entered by a long jump, which,
// unlike swapcontext, makes no system call. AddressSanitizer is told of every switch.
#undef _FORTIFY_SOURCE  // its longjmp refuses to go to another stack
#include "cuda_runtime.h"

#include <setjmp.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define EMULATION_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EMULATION_ASAN 1
#endif
#endif
#ifdef EMULATION_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

#if defined(__GNUC__) && !defined(__clang__)
// compiled into place: five words, and no call that AddressSanitizer would answer with a system call
using JumpState = void * [5];
#define SAVE_STATE(state) __builtin_setjmp(state)
#define RESUME_STATE(state) __builtin_longjmp(state, 1)
#define FIBER_SWITCH __attribute__((noinline, no_sanitize_address))
#else
using JumpState = jmp_buf;
#define SAVE_STATE(state) _setjmp(state)
#define RESUME_STATE(state) _longjmp(state, 1)
#define FIBER_SWITCH __attribute__((noinline))
#endif

namespace cuda_emulation {

bool reversed = false, is_host_memory = false, has_device = true;
dim3 thread_index(0), block_index(0), block_size(0);

namespace {

constexpr int kWarpSize = 32;
constexpr size_t kStackBytes = 128 * 1024;

struct Fiber {
    JumpState state;
    std::unique_ptr<char[]> memory;  // null: the stack that the program was started on
    const void * stack = nullptr;
    size_t stack_bytes = 0;
    void * fake_stack = nullptr;  // AddressSanitizer's, while the fiber waits
    bool is_started = false;
};

// A meeting of a known number of threads. Who arrives last lets the others go on.
struct Meeting {
    std::vector<int> waiting;
};

struct Warp {
    Meeting meeting;
    uint64_t values[2][kWarpSize];  // in turns, so that one meeting per exchange suffices
    unsigned turn[kWarpSize] = {};
};

Fiber outside;
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Warp> warps;
Meeting block_meeting;
const std::function<void()> * running_kernel = nullptr;
int n_threads = 0;
std::deque<int> ready;  // threads that can go on, in the order in which they will

[[noreturn]] void fail(const char * what) {
    std::fprintf(stderr, "cuda emulation: %s (block %u, %u; thread %u)\n", what, block_index.x, block_index.y,
                 thread_index.x);
    std::abort();
}

void first_entry();

// Goes on with another fiber; returns when somebody goes on with this one.
FIBER_SWITCH void switch_fiber(Fiber & from, Fiber & to) {
#ifdef EMULATION_ASAN
    __sanitizer_start_switch_fiber(&from.fake_stack, to.stack, to.stack_bytes);
#endif
    if (SAVE_STATE(from.state) == 0) {
        if (to.is_started) RESUME_STATE(to.state);
        to.is_started = true;
        ucontext_t context;
        getcontext(&context);
        context.uc_stack.ss_sp = to.memory.get();
        context.uc_stack.ss_size = to.stack_bytes;
        context.uc_link = nullptr;
        makecontext(&context, first_entry, 0);
        setcontext(&context);
    }
#ifdef EMULATION_ASAN
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}

// Goes on with whoever is ready; when nobody is, the block has ended, or its threads wait in different places.
void leave(Fiber & from) {
    if (ready.empty()) {
        if (!block_meeting.waiting.empty()) fail("some threads never come to a barrier that others wait at");
        for (const Warp & warp : warps) {
            if (!warp.meeting.waiting.empty()) fail("some lanes never come to where the rest of their warp waits");
        }
        switch_fiber(from, outside);
        return;
    }
    const int next = ready.front();
    ready.pop_front();
    thread_index.x = static_cast<unsigned>(next);
    switch_fiber(from, *fibers[next]);
}

void meet(Meeting & meeting, int n_expected) {
    const unsigned thread = thread_index.x;
    meeting.waiting.push_back(static_cast<int>(thread));
    if (static_cast<int>(meeting.waiting.size()) < n_expected) {
        leave(*fibers[thread]);
        return;
    }
    meeting.waiting.pop_back();
    // in turns, or the warp that can go on first of all: a missing barrier shows in one of the two
    ready.insert(reversed ? ready.begin() : ready.end(), meeting.waiting.begin(), meeting.waiting.end());
    meeting.waiting.clear();
}

// A fiber plays the thread of its number in one block after the other.
void first_entry() {
#ifdef EMULATION_ASAN
    const bool is_first = outside.stack == nullptr;
    const void * stack;
    size_t stack_bytes;
    __sanitizer_finish_switch_fiber(nullptr, &stack, &stack_bytes);
    if (is_first) outside.stack = stack, outside.stack_bytes = stack_bytes;
#endif
    Fiber & self = *fibers[thread_index.x];
    for (;;) {
        (*running_kernel)();
        leave(self);
    }
}

void run_block() {
    for (int i = 0; i < n_threads; ++i) ready.push_back(reversed ? n_threads - 1 - i : i);
    leave(outside);
}

}  // namespace

void launch(dim3 grid, dim3 block, const std::function<void()> & kernel) {
    n_threads = static_cast<int>(block.x);
    if (n_threads % kWarpSize != 0 || block.y != 1 || block.z != 1) fail("a block must be a row of whole warps");
    while (static_cast<int>(fibers.size()) < n_threads) {
        fibers.push_back(std::make_unique<Fiber>());
        Fiber & fiber = *fibers.back();
        fiber.memory = std::make_unique<char[]>(kStackBytes);
        fiber.stack = fiber.memory.get();
        // tops of stacks at equal distances would all lie in the same few sets of the processor's cache
        fiber.stack_bytes = kStackBytes - fibers.size() * 320 % 16384;
    }
    outside.is_started = true;
    warps.resize(n_threads / kWarpSize);
    block_size = block;
    running_kernel = &kernel;
    for (unsigned y = 0; y < grid.y; ++y) {
        for (unsigned x = 0; x < grid.x; ++x) {
            block_index = reversed ? dim3(grid.x - 1 - x, grid.y - 1 - y) : dim3(x, y);
            run_block();
        }
    }
}

void wait_for_block() { meet(block_meeting, n_threads); }

const uint64_t * exchange(uint64_t value) {
    Warp & warp = warps[thread_index.x / kWarpSize];
    const unsigned turn = warp.turn[lane()]++ % 2;
    warp.values[turn][lane()] = value;
    meet(warp.meeting, kWarpSize);
    return warp.values[turn];
}

}  // namespace cuda_emulation

using namespace cuda_emulation;

const char * cudaGetErrorString(cudaError_t error) {
    return error == cudaErrorNoDevice ? "no CUDA-capable device is detected" : "out of memory";
}
cudaError_t cudaGetLastError() { return cudaSuccess; }
cudaError_t cudaGetDevice(int * device) {
    *device = 0;
    return has_device ? cudaSuccess : cudaErrorNoDevice;
}
cudaError_t cudaSetDevice(int) { return has_device ? cudaSuccess : cudaErrorNoDevice; }
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes * attributes, const void *) {
    *attributes = {is_host_memory ? cudaMemoryTypeUnregistered : cudaMemoryTypeDevice, 0};
    return has_device ? cudaSuccess : cudaErrorNoDevice;
}
cudaError_t cudaMalloc(void ** memory, size_t bytes) {
    *memory = std::malloc(bytes);
    return *memory ? cudaSuccess : cudaErrorMemoryAllocation;
}
cudaError_t cudaMallocHost(void ** memory, size_t bytes) { return cudaMalloc(memory, bytes); }
cudaError_t cudaFree(void * memory) {
    std::free(memory);
    return cudaSuccess;
}
cudaError_t cudaFreeHost(void * memory) { return cudaFree(memory); }
cudaError_t cudaMemcpyAsync(void * to, const void * from, size_t bytes, cudaMemcpyKind, cudaStream_t) {
    std::memcpy(to, from, bytes);
    return cudaSuccess;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t * stream, unsigned) {
    *stream = nullptr;
    return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t) { return cudaSuccess; }
cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
