# A few lines of the pinned llama.cpp that are changed in the unpacked copy in LLAMA_DIR; an own checkout stays as it is: it
# computes the same, more slowly, and with many threads the last bits of long rows may be others.

# name  of the change, for whoever moves the pin and finds it gone.
function(change_llama NAME FILE BEFORE AFTER)
  set(FILE "${LLAMA_DIR}/${FILE}")
  file(READ "${FILE}" SOURCE)
  string(FIND "${SOURCE}" "${AFTER}" IS_CHANGED)
  if(IS_CHANGED EQUAL -1)
    string(FIND "${SOURCE}" "${BEFORE}" IS_THERE)
    if(IS_THERE EQUAL -1)
      message(FATAL_ERROR "${FILE} has other lines now: see in cmake/llama-changes.cmake whether \"${NAME}\" can go")
    endif()
    string(REPLACE "${BEFORE}" "${AFTER}" SOURCE "${SOURCE}")
    file(WRITE "${FILE}" "${SOURCE}")
  endif()
endfunction()

# ggml's fast CPU kernels for matrices take strides, but ggml asks them only where the second matrix lies without gaps. The
# queries of float32 attention do not, and went through dot products one by one, a quarter of the time in which a small model
# scores texts. Can go when ggml_compute_forward_mul_mat no longer asks whether src1 is contiguous.
change_llama("float32 attention" ggml/src/ggml-cpu/ggml-cpu.c
  "\n    if (src1_cont) {\n        for (int64_t i13"
  "\n    if (src1_cont || src0->type == GGML_TYPE_F32) {\n        for (int64_t i13")

# ggml's threads meet after every operation of a graph, thousands of times a second, and the early ones spin until the last
# one comes. Where that one waits for the very processor on which another spins, as with two runs side by side, they spin
# until their time slices end. So after some hundred rounds the processor is offered to whoever else can use it: threads
# with processors of their own hardly wait so long, and where they do nobody takes it. Can go when ggml_barrier yields.
change_llama("yielding barriers" ggml/src/ggml-cpu/ggml-cpu.c
"    while (atomic_load_explicit(&tp->n_barrier_passed, memory_order_relaxed) == n_passed) {
        ggml_thread_cpu_relax();
    }
"
"    for (int n_rounds = 0; atomic_load_explicit(&tp->n_barrier_passed, memory_order_relaxed) == n_passed; n_rounds++) {
        if (n_rounds < 500) {
            ggml_thread_cpu_relax();
        } else {
            sched_yield();
        }
    }
")

# A single row of 512 tokens or more had its attention summed in as many parts as there are threads, so that the last bits of
# its logits, and now and then a token, depended on their number: a run that goes on elsewhere would make other rows. Heads
# are shared out among the threads all the same. Can go when the parts no longer depend on nth.
change_llama("attention whatever the threads" ggml/src/ggml-cpu/ops.cpp
  "const bool use_split_kv_path = !use_ref && (neq1 == 1"
  "const bool use_split_kv_path = false && !use_ref && (neq1 == 1")
