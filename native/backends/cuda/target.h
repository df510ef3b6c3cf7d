// What the kernels need of the CUDA runtime and of its compiler.
#pragma once
#include <cuda_runtime.h>

// What only a CUDA compiler reads. A <cuda_runtime.h> for another target says itself what the two stand for there.
#ifdef __CUDACC__
#define CORRSYNTH_PRAGMA(text) _Pragma(#text)
#define CORRSYNTH_UNROLL(times) CORRSYNTH_PRAGMA(unroll times)
#define CORRSYNTH_LAUNCH(kernel, grid, block, stream, ...) kernel<<<grid, block, 0, stream>>>(__VA_ARGS__)
#endif
