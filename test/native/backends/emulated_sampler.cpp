// The sampler's own source, kernels and host side, compiled for the CPU.
#define CORRSYNTH_CUDA_EMULATION
#include "backends/cuda/sampler.cu"
#include "backends/cuda/step_upload.cu"
