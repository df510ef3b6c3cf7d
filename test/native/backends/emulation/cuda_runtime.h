// As much of CUDA as the sampler's kernels and its host side use, for one CPU thread: comes before the real header
// where this folder is on the include path. Every CUDA thread is a fiber with
// a stack of its own; barriers, shuffles and ballots wait for all that must take part, and end the program where one
// never comes. What this cannot show: races between a barrier and the next, memory order, speed.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>

#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __launch_bounds__(...)

struct dim3 {
    unsigned x, y, z;
    explicit dim3(unsigned x_, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};

namespace cuda_emulation {

extern bool reversed;        // blocks and threads run last to first, and a warp runs ahead of the others where it can
extern bool is_host_memory;  // every pointer counts as one to host memory, not to a device's
extern bool has_device;

// Of the thread that is running.
extern dim3 thread_index, block_index, block_size;

void launch(dim3 grid, dim3 block, const std::function<void()> & kernel);
void wait_for_block();
// Leaves a value for the warp, waits for all of it, and returns the warp's 32 values, good until the next exchange.
const uint64_t * exchange(uint64_t value);

inline int lane() { return static_cast<int>(thread_index.x % 32); }

// The value of another lane; of one's own where that lane does not exist.
template <class T>
T value_of_lane(T value, int lane_asked) {
    static_assert(sizeof(T) <= sizeof(uint64_t), "a shuffle moves at most 64 bits");
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    bits = exchange(bits)[lane_asked >= 0 && lane_asked < 32 ? lane_asked : lane()];
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

inline unsigned ballot(bool claim) {
    const uint64_t * claims = exchange(claim);
    unsigned bits = 0;
    for (int i = 0; i < 32; ++i) bits |= static_cast<unsigned>(claims[i]) << i;
    return bits;
}

}  // namespace cuda_emulation

#define threadIdx (cuda_emulation::thread_index)
#define blockIdx (cuda_emulation::block_index)
#define blockDim (cuda_emulation::block_size)
#define CORRSYNTH_UNROLL(times)
#define CORRSYNTH_LAUNCH(kernel, grid, block, stream, ...) \
    ((void)(stream), cuda_emulation::launch(grid, block, [&] { kernel(__VA_ARGS__); }))

using std::max;
using std::min;

inline void __syncthreads() { cuda_emulation::wait_for_block(); }
template <class T>
T __shfl_xor_sync(unsigned, T value, int mask) {
    return cuda_emulation::value_of_lane(value, cuda_emulation::lane() ^ mask);
}
template <class T>
T __shfl_up_sync(unsigned, T value, int distance) {
    return cuda_emulation::value_of_lane(value, cuda_emulation::lane() - distance);
}
inline unsigned __ballot_sync(unsigned, bool claim) { return cuda_emulation::ballot(claim); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(x)); }
template <class T>
T atomicMax(T * at, T value) {
    const T old = *at;
    *at = max(old, value);
    return old;
}
template <class T>
T atomicAdd(T * at, T value) {
    const T old = *at;
    *at = old + value;
    return old;
}

// ---- the runtime: device memory is host memory that AddressSanitizer watches ------------------------------------
enum cudaError_t { cudaSuccess, cudaErrorMemoryAllocation, cudaErrorNoDevice };
enum cudaMemoryType { cudaMemoryTypeUnregistered, cudaMemoryTypeHost, cudaMemoryTypeDevice, cudaMemoryTypeManaged };
enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost };
enum { cudaStreamNonBlocking = 1 };
struct cudaPointerAttributes {
    cudaMemoryType type;
    int device;
};
using cudaStream_t = struct EmulatedStream *;

const char * cudaGetErrorString(cudaError_t error);
cudaError_t cudaGetLastError();
cudaError_t cudaGetDevice(int * device);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes * attributes, const void * pointer);
cudaError_t cudaMalloc(void ** memory, size_t bytes);
cudaError_t cudaMallocHost(void ** memory, size_t bytes);
cudaError_t cudaFree(void * memory);
cudaError_t cudaFreeHost(void * memory);
cudaError_t cudaMemcpyAsync(void * to, const void * from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream);
cudaError_t cudaStreamCreateWithFlags(cudaStream_t * stream, unsigned flags);
cudaError_t cudaStreamDestroy(cudaStream_t stream);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);
