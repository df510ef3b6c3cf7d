// The C interface of libcorrsynth-cuda: one step of sampling on logits that lie in the memory of a CUDA device, with
// the tokens that sample_step draws from the same logits, bit for bit. Loaded at run time (dlopen), so that the engine
// neither links with CUDA nor needs it. Plain C types only, and nothing is thrown across it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#define CORRSYNTH_CUDA_API __declspec(dllexport)
#else
#define CORRSYNTH_CUDA_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define CORRSYNTH_CUDA_ABI 3  // of this header; corrsynth_cuda_abi() says that of the library

typedef struct corrsynth_cuda
    corrsynth_cuda;  // working memory on one device, for one context; used by one thread at a time

enum { CORRSYNTH_CUDA_BANNED = 1, CORRSYNTH_CUDA_END = 2 };  // bits of a token's flags

typedef struct {
    const float * logits;         // where the logits lie (device memory): says which device serves; not read by open
    int32_t max_rows;             // rows of all groups of a step together, >= 1
    int32_t n_vocab;              // >= 1
    const uint8_t * token_flags;  // [n_vocab] host memory, copied; null: nothing is banned, nothing ends
} corrsynth_cuda_config;

// The same bytes as corrsynth::Partner.
typedef struct {
    int32_t row;  // of the group
    double weight;
} corrsynth_cuda_partner;

// One group, as StepInput has it. Host memory throughout.
typedef struct {
    int32_t n_rows;
    const int32_t * row_index;                // [n_rows] row m lies at logits + row_index[m] * stride; of a row that is
                                              // neither drawn for nor a partner it is not read. null: row m is the m-th
    const uint8_t * draws;                    // [n_rows] 1: a token is drawn for the row
    const double * own;                       // [n_rows] exponent on the row's own distribution
    const int32_t * first;                    // [n_rows + 1] as ContrastWeights has it
    const corrsynth_cuda_partner * partners;  // [first[n_rows]]
    uint64_t group;
    uint32_t step;
} corrsynth_cuda_group;

// What all groups of a step have in common, as StepParams has it.
typedef struct {
    double alpha, temperature, top_p;
    int32_t top_k;
    int32_t keeps_ends;
    uint64_t seed;
} corrsynth_cuda_params;

typedef struct {
    const float * logits;  // device memory of the device that was opened; not modified
    size_t stride;         // floats from one row to the next, >= n_vocab
    const corrsynth_cuda_group * groups;
    int32_t n_groups;
    // 0: the groups have as many rows and the same weights as in the previous step: first and partners are not read.
    // The first step of an object is always taken as changed.
    int32_t weights_changed;
    corrsynth_cuda_params params;
} corrsynth_cuda_input;

typedef enum {
    CORRSYNTH_CUDA_OK = 0,
    CORRSYNTH_CUDA_NOT_A_NUMBER = 1,       // a needed row holds NaN, or +inf at a token that is not banned
    CORRSYNTH_CUDA_NOTHING_PLAUSIBLE = 2,  // every token of a needed row is -inf or banned
    CORRSYNTH_CUDA_ERROR = 3               // of CUDA, or of the call: see message. A retry may succeed
} corrsynth_cuda_status;

typedef struct {
    corrsynth_cuda_status status;
    int32_t group, row;  // place of the group in the call and row of the group, for statuses 1 and 2; else -1
    char message[256];   // for status 3, else ""
} corrsynth_cuda_result;

// Since open.
typedef struct {
    uint64_t steps;
    uint64_t dense_steps;      // steps that scored the whole vocabulary: at alpha 0, or where too much was plausible
    uint64_t bytes_to_device;  // copied by steps
    uint64_t bytes_to_host;    // 4 per row and step, 16 more with log-probabilities
} corrsynth_cuda_counters;

CORRSYNTH_CUDA_API int32_t corrsynth_cuda_abi(void);

// Null when the logits are not in the memory of a CUDA device or there is no room; message (256 bytes) says why.
CORRSYNTH_CUDA_API corrsynth_cuda * corrsynth_cuda_open(const corrsynth_cuda_config * config, char * message);

// Draws one token for every row with draws != 0; the others get -1.
//
//   tokens     [rows of all groups, one group after the other]          out, host memory
//   log_probs  the same, or null  out: ln of the drawn token's probability under the row's own distribution; rows not
//              drawn for are left alone
//
// What wrote the logits must have finished (llama_synchronize); when this returns, the device has finished with them.
// On any status but OK tokens and log_probs are left alone, and the first offending row of the first group is named.
CORRSYNTH_CUDA_API corrsynth_cuda_status corrsynth_cuda_step(corrsynth_cuda * sampler,
                                                             const corrsynth_cuda_input * input, int32_t * tokens,
                                                             double * log_probs, corrsynth_cuda_result * result);

CORRSYNTH_CUDA_API corrsynth_cuda_counters corrsynth_cuda_count(const corrsynth_cuda * sampler);

// Frees everything; null is allowed.
CORRSYNTH_CUDA_API void corrsynth_cuda_close(corrsynth_cuda * sampler);

#ifdef __cplusplus
}
#endif
