// What draws a step's tokens: the contract. cpu.cpp is its definition; every other backend gives the same tokens.
#pragma once
#include <cstdint>
#include <string>

#include "sampling/trace.h"

struct ggml_tensor;

namespace corrsynth {

// The logits of a step, [n_rows, n_vocab] float32, where the model left them. Row m is the m-th slot's.
struct StepLogits {
    const ggml_tensor * tensor = nullptr;  // on whatever device; null where llama.cpp copied them to the host itself
    LogitsView host;                       // n_rows and n_vocab always; data null where the host cannot read them
    const StepLogits * second = nullptr;   // the second matrix of the step, where it has one
};

// One group's part of a step.
struct GroupDraw {
    // input.logits: n_rows, row_index and source of the group; the backend puts in where the logits are
    StepInput input;
    int32_t * tokens = nullptr;    // [n_rows] out, as sample_step has it
    double * log_probs = nullptr;  // [n_rows] out, or null
    double * contrast_norms =
        nullptr;                  // [n_rows] out, or null: contrast_norm of the rows drawn for. draws_on_host only
    StepTrace * trace = nullptr;  // out, or null: of traced_row, for which the step draws. draws_on_host only
    int traced_row = -1;
    int n_likely = 0;   // as trace_step has it
    StepResult result;  // out
};

// What all steps of a generation have in common. Rows are those of all groups in flight together.
struct BackendOptions {
    StepParams step;
    const TokenMask * mask = nullptr;
    int n_vocab = 0;         // that both matrices have, where there are two
    int max_rows = 0;        // of a step
    int max_group_rows = 0;  // of a group
    bool draws_on_host = false;
};

// Used by one thread. What wrote the logits has finished before draw is called, and draw has finished with them when it
// returns.
class Backend {
  public:
    virtual ~Backend() = default;
    virtual const char * name() const = 0;

    // Draws for every group. False where these logits are not for this backend: nothing was drawn then, and why_not()
    // says why. weights_changed: some group's weights are not those of the step before.
    virtual bool draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) = 0;
    virtual std::string why_not() const { return {}; }

    // Bytes of logits or results that it copied from a device to the host, since it was made.
    virtual uint64_t bytes_to_host() const { return 0; }
};

}  // namespace corrsynth
