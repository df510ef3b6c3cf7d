// The lockstep loop: admits groups, prefills their prompts, decodes all rows together, draws, and hands back results.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/in_flight.h"

namespace corrsynth {

struct GenerationOptions {
    GroupShape shape;
    StepParams step;
    RowLimits limits;
    Extras extras;               // norms and traces are read from the host's memory, so they imply draws_on_host
    bool draws_on_host = false;  // also where the device could draw: for the benchmark that compares the two
    ContextOptions context;
    ContextOptions second_context;  // of the second model, where there is one
};

// Who decodes: the rows of source 0 the first model, those of source 1 the second, which must have the same tokens
// (Vocabulary::difference_from); null where no row is of source 1.
struct Models {
    Models(std::shared_ptr<const Model> first_model, std::shared_ptr<const Model> second_model = nullptr)
        : first(std::move(first_model)), second(std::move(second_model)) {}
    std::shared_ptr<const Model> first, second;
};

// Counts since the start. A row that is fed its last prompt token counts in both prompt_tokens and decoded_tokens.
struct Counters {
    uint64_t steps = 0;                // lockstep decodes
    uint64_t prompt_tokens = 0;        // over all rows, contrast rows included
    uint64_t prefilled_tokens = 0;     // of them decoded as a prompt; the others were copied from a slot that had them
    uint64_t decoded_tokens = 0;       // rows times steps, contrast rows included
    uint64_t generated_tokens = 0;     // tokens drawn
    uint64_t uncontrasted_tokens = 0;  // drawn with every contrast set of the row empty, though it has some
    uint64_t partly_contrasted_tokens = 0;  // drawn with some of them empty
    uint64_t graphs = 0;                    // graph executions, prefill included
    uint64_t moved_rows = 0;     // copied into another slot, so that those in use have no hole (for the tests)
    uint64_t bytes_to_host = 0;  // of logits or tokens, copied from a device by the sampler
    const char * sampler = "";   // the backend that drew the latest step
    std::string notice;          // at the end: why a faster backend did not serve
    int groups_in_flight = 0;
    double setup_seconds = 0;  // context and working memory
    double prefill_seconds = 0, decode_seconds = 0, sample_seconds = 0;
    double second_seconds = 0;  // of prefill and decode, those of the second model
};

// Who asks for the groups and receives them. Called on the thread that runs generate().
class GroupExchange {
  public:
    virtual ~GroupExchange() = default;
    // Fills in the next group, blocking until the answer is known. False: none for now; asked again when a group ends.
    virtual bool next(GroupRequest & request) = 0;
    virtual void finished(GroupResult result) = 0;
    // Once a step and once a batch of prompt tokens; the receiver throttles.
    virtual void progress(const Counters & counters) = 0;
};

// Runs until the exchange has no group left and none is in flight. Throws EngineError.
//
// A group is asked for only when its rows would fit at that very step, and joins the others once its prompts are in; so
// which groups share a batch depends on the prompts and the texts generated and on nothing else: not on time, not on
// what the caller does meanwhile.
Counters generate(const Models & models, const GenerationOptions & options, GroupExchange & exchange,
                  const std::atomic<bool> & cancel);

}  // namespace corrsynth
