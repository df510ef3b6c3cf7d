// The sampler's own source, kernels and host side, compiled for the CPU.
#include "backends/cuda/cuda_sampler.cu"
#include "backends/cuda/step_upload.cu"
