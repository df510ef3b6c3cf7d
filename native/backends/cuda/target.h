// What the kernels are compiled for: CUDA, or one CPU thread that plays every thread of a block (the tests).
#pragma once
#ifdef CORRSYNTH_CUDA_EMULATION
#include "backends/cuda_emulation.h"
#define CORRSYNTH_UNROLL(times)
#else
#include <cuda_runtime.h>
#define CORRSYNTH_PRAGMA(text) _Pragma(#text)
#define CORRSYNTH_UNROLL(times) CORRSYNTH_PRAGMA(unroll times)
#define CORRSYNTH_LAUNCH(kernel, grid, block, stream, ...) kernel<<<grid, block, 0, stream>>>(__VA_ARGS__)
#endif
