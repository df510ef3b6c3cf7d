// One model's part of the loop: its context, the rows of its source, their prompts and slots.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/in_flight.h"
#include "engine/prompt_cache.h"
#include "engine/slot_table.h"

namespace corrsynth {

// The rows of a group lie in as many lanes as there are models. All lanes take the same groups in the same order, so
// that a row of one and the row that follows it in another are at the same token at every step.
class Lane {
  public:
    Lane(std::shared_ptr<const Model> model, const ContextOptions & options, const GroupShape & shape, int source,
         const std::atomic<bool> & cancel)
        : context_(std::move(model), options, cancel),
          prompts_(context_),
          slots_(context_, source),
          rows_(shape.rows_of(source)),
          tokens_(context_.n_slots()),
          positions_(context_.n_slots()) {}

    Context & context() { return context_; }
    const SlotTable & slots() const { return slots_; }
    bool has_room() const { return slots_.n_free() >= static_cast<int>(rows_.size()); }

    // Gives the group's rows slots, and begins to fill them with its prompts.
    void begin(InFlight & entry) {
        slots_.reserve(entry);
        prompts_.begin(entry.group.prompts(), entry.group.cuts(), entry.slots, rows_);
    }
    bool is_filled() const { return prompts_.is_done(); }
    int fill(int n_tokens) { return prompts_.advance(n_tokens); }  // while it is not filled
    void join(InFlight & entry) { slots_.join(entry); }

    // Decodes one token for each row that is there, at least one.
    StepLogits step();

    void end(const SlotOwner & owner) { ended_.push_back(owner); }
    void release();  // the slots of rows that ended since the last call

  private:
    Context context_;
    PromptCache prompts_;
    SlotTable slots_;
    const std::vector<int> rows_;              // of a group
    std::vector<int32_t> tokens_, positions_;  // [n_slots]
    std::vector<SlotOwner> ended_;
};

}  // namespace corrsynth
