# One condition of the pinned llama.cpp, changed in the unpacked copy in LLAMA_DIR (an own checkout stays as it is, only
# slower). ggml's fast CPU kernels for matrices take strides, but ggml asks them only where the second matrix lies without
# gaps. The queries of float32 attention do not, and went through dot products one by one, a quarter of the time in which a
# small model scores texts. Can go when ggml_compute_forward_mul_mat no longer asks whether src1 is contiguous.
set(FILE "${LLAMA_DIR}/ggml/src/ggml-cpu/ggml-cpu.c")
set(BEFORE "\n    if (src1_cont) {\n        for (int64_t i13")
set(AFTER "\n    if (src1_cont || src0->type == GGML_TYPE_F32) {\n        for (int64_t i13")
file(READ "${FILE}" SOURCE)
string(FIND "${SOURCE}" "${AFTER}" IS_CHANGED)
if(IS_CHANGED EQUAL -1)
  string(FIND "${SOURCE}" "${BEFORE}" IS_THERE)
  if(IS_THERE EQUAL -1)
    message(FATAL_ERROR "${FILE} has no such condition any more: see whether cmake/llama-float32.cmake can go")
  endif()
  string(REPLACE "${BEFORE}" "${AFTER}" SOURCE "${SOURCE}")
  file(WRITE "${FILE}" "${SOURCE}")
endif()
