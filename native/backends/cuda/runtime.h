// The CUDA runtime with errors as exceptions and memory with an owner. Exceptions end at the C interface.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>

#include "backends/cuda/target.h"

namespace corrsynth {
namespace cuda {

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Clears the runtime's own note of an error that is not sticky, so that the next call does not find it.
inline void check(cudaError_t error, const char * call) {
    if (error == cudaSuccess) return;
    (void)cudaGetLastError();
    throw Failure(std::string("CUDA: ") + call + " failed: " + cudaGetErrorString(error));
}

// Makes a device the thread's current one for as long as this lives: ggml's CUDA backend has its own idea of it.
class CurrentDevice {
  public:
    explicit CurrentDevice(int device) {
        check(cudaGetDevice(&previous_), "cudaGetDevice");
        if (device == previous_) return;
        check(cudaSetDevice(device), "cudaSetDevice");
        is_changed_ = true;
    }
    ~CurrentDevice() {
        if (is_changed_) (void)cudaSetDevice(previous_);
    }
    CurrentDevice(const CurrentDevice &) = delete;
    CurrentDevice & operator=(const CurrentDevice &) = delete;

  private:
    int previous_ = 0;
    bool is_changed_ = false;
};

enum class Memory { kDevice, kPinnedHost };

// Bytes on the device, or on the host where the device's copy engine can reach them.
template <Memory kind>
class Buffer {
  public:
    Buffer() = default;
    ~Buffer() {
        if (data_) (void)(kind == Memory::kDevice ? cudaFree(data_) : cudaFreeHost(data_));
    }
    Buffer(const Buffer &) = delete;
    Buffer & operator=(const Buffer &) = delete;

    void allocate(size_t bytes) {
        if (kind == Memory::kDevice) check(cudaMalloc(&data_, bytes), "cudaMalloc");
        else check(cudaMallocHost(&data_, bytes), "cudaMallocHost");
    }
    char * at(size_t offset) const { return static_cast<char *>(data_) + offset; }
    template <class T>
    T * as(size_t offset = 0) const {
        return data_ ? reinterpret_cast<T *>(at(offset)) : nullptr;
    }

  private:
    void * data_ = nullptr;
};

using DeviceBuffer = Buffer<Memory::kDevice>;
using HostBuffer = Buffer<Memory::kPinnedHost>;

// A stream that waits for no other: the caller has synchronised with whoever wrote the logits.
class Stream {
  public:
    void create() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags"); }
    ~Stream() {
        if (stream_) (void)cudaStreamDestroy(stream_);
    }
    cudaStream_t get() const { return stream_; }
    void wait() const { check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }

  private:
    cudaStream_t stream_ = nullptr;
};

}  // namespace cuda
}  // namespace corrsynth
