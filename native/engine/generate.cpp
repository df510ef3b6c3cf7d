#include "engine/generate.h"

#include <chrono>
#include <list>
#include <string>

#include "engine/error.h"
#include "engine/prompt_cache.h"
#include "engine/workers.h"

namespace corrsynth {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Rows of one group that a step drew for.
struct Tally {
    int generated = 0, uncontrasted = 0, partly_contrasted = 0;
};

// A group in flight, the slot of each of its rows, and what the step at hand came to.
struct InFlight {
    Group group;
    std::vector<int> slots;         // [n_rows]
    std::vector<int32_t> drawn;     // [n_rows]
    std::vector<double> log_probs;  // [n_rows]
    std::vector<int> ended;         // rows that ended with the step
    StepResult outcome;
    Tally tally;
    InFlight(const GroupShape & shape, GroupRequest request)
        : group(shape, std::move(request)),
          slots(shape.n_rows(), -1),
          drawn(shape.n_rows()),
          log_probs(shape.n_rows()) {}
};

struct SlotOwner {
    InFlight * in_flight;
    int row;
};

class Loop {
  public:
    Loop(std::shared_ptr<const Model> model, const GenerationOptions & options, GroupExchange & exchange,
         const std::atomic<bool> & cancel)
        : model_(std::move(model)),
          options_(options),
          exchange_(exchange),
          cancel_(cancel),
          context_(model_, options.context, cancel),
          prompt_cache_(context_),
          sets_of_row_(options.shape.n_rows()),
          workers_(options.context.n_threads),
          scratch_(workers_.n_workers(), StepScratch(options.shape.n_rows(), model_->info().n_vocab)),
          tokens_(context_.n_slots()),
          positions_(context_.n_slots()) {
        options_.step.gamma = options_.shape.coupling.gamma;
        for (const ContrastSet & set : options_.shape.coupling.sets) sets_of_row_[set.row]++;
        slots_.reserve(context_.n_slots());
    }

    Counters run() {
        bool may_have_more = true;
        for (;;) {
            if (may_have_more) admit();
            if (groups_.empty()) break;
            may_have_more = step();
            report();
        }
        return counters_;
    }

  private:
    // Takes groups while a whole one fits into the free slots.
    void admit() {
        GroupRequest request;
        while (slots_.size() + options_.shape.n_rows() <= static_cast<size_t>(context_.n_slots()) &&
               exchange_.next(request)) {
            check(request);
            groups_.emplace_back(options_.shape, std::move(request));
            prefill(groups_.back());
        }
        if (cancel_) throw EngineError(ErrorCode::kCancelled, "The generation was stopped");
    }

    void check(const GroupRequest & request) const {
        if (request.prompts.size() != options_.shape.follows.size()) {
            throw EngineError(ErrorCode::kDecode, "A group of " + std::to_string(options_.shape.n_rows()) +
                                                      " rows came with " + std::to_string(request.prompts.size()) +
                                                      " prompts");
        }
        for (size_t m = 0; m < request.prompts.size(); ++m) {
            const size_t n = request.prompts[m].size();
            if (n > 0 && n + options_.limits.max_tokens <= static_cast<size_t>(context_.slot_size())) continue;
            throw EngineError(ErrorCode::kPromptTooLong,
                              "The prompt of row " + std::to_string(m) + " in group " + std::to_string(request.index) +
                                  " has " + std::to_string(n) + " tokens; with " +
                                  std::to_string(options_.limits.max_tokens) + " to come it must have 1 to " +
                                  std::to_string(context_.slot_size() - options_.limits.max_tokens));
        }
    }

    // All of each prompt but its last token, which the row's first step decodes.
    void prefill(InFlight & entry) {
        const auto start = Clock::now();
        for (int m = 0; m < options_.shape.n_rows(); ++m) {
            entry.slots[m] = static_cast<int>(slots_.size());
            slots_.push_back({&entry, m});
            counters_.prompt_tokens += entry.group.prompts()[m].size();
        }
        counters_.prefilled_tokens += prompt_cache_.fill(entry.group.prompts(), entry.slots);
        counters_.prefill_seconds += seconds_since(start);
    }

    // One decode of every row in flight, one draw for each generating one. True when a row ended: there is room again.
    bool step() {
        const auto start = Clock::now();
        const int n = static_cast<int>(slots_.size());
        for (int slot = 0; slot < n; ++slot) {
            const SlotOwner & owner = slots_[slot];
            tokens_[slot] = owner.in_flight->group.next_token(owner.row);
            positions_[slot] = owner.in_flight->group.next_position(owner.row);
        }
        const LogitsView logits = context_.step(tokens_.data(), positions_.data(), n);
        counters_.steps++;
        counters_.decoded_tokens += n;
        counters_.decode_seconds += seconds_since(start);

        const auto sampling = Clock::now();
        in_step_.clear();
        for (InFlight & entry : groups_) in_step_.push_back(&entry);
        workers_.run(static_cast<int>(in_step_.size()),
                     [&](int i, int worker) { draw(*in_step_[i], logits, scratch_[worker]); });
        ended_.clear();
        for (InFlight * entry : in_step_) collect(*entry);  // all draws before any row moves
        counters_.sample_seconds += seconds_since(sampling);
        for (const SlotOwner & owner : ended_) release(owner.in_flight->slots[owner.row]);
        hand_back_ended_groups();
        return !ended_.empty();
    }

    // The group's part of a step: touches nothing but the group, so groups are drawn for side by side.
    void draw(InFlight & entry, LogitsView logits, StepScratch & scratch) const {
        logits.n_rows = options_.shape.n_rows();
        logits.row_index = entry.slots.data();
        Group & group = entry.group;
        const StepInput input{logits, &group.weights(), group.draws().data(), group.index(), group.step()};
        double * log_probs = options_.log_probs ? entry.log_probs.data() : nullptr;
        entry.outcome =
            sample_step(options_.step, model_->vocabulary().mask(), input, scratch, entry.drawn.data(), log_probs);
        if (entry.outcome.status != StepStatus::kOk) return;
        count(entry);
        group.accept(entry.drawn.data(), log_probs, model_->vocabulary(), options_.limits, entry.ended);
    }

    void count(InFlight & entry) const {
        entry.tally = {};
        for (int m = 0; m < options_.shape.n_generating; ++m) {
            if (!entry.group.draws()[m]) continue;
            entry.tally.generated++;
            const int empty = entry.group.weights().empty_sets[m];
            if (empty > 0) (empty == sets_of_row_[m] ? entry.tally.uncontrasted : entry.tally.partly_contrasted)++;
        }
    }

    void collect(InFlight & entry) {
        if (entry.outcome.status != StepStatus::kOk) fail(entry.group, entry.outcome);
        counters_.generated_tokens += entry.tally.generated;
        counters_.uncontrasted_tokens += entry.tally.uncontrasted;
        counters_.partly_contrasted_tokens += entry.tally.partly_contrasted;
        for (const int row : entry.ended) ended_.push_back({&entry, row});
    }

    [[noreturn]] static void fail(const Group & group, const StepResult & result) {
        const std::string what = result.status == StepStatus::kNotANumber ? " got a logit that is not a finite number"
                                                                          : " got no token that may be drawn";
        throw EngineError(ErrorCode::kNotANumber, "Row " + std::to_string(result.row) + " of group " +
                                                      std::to_string(group.index()) + what +
                                                      " from the model at step " + std::to_string(group.step()));
    }

    // Gives a slot back: the row in the last slot moves into it, so that the slots in use have no hole.
    void release(int slot) {
        const int last = static_cast<int>(slots_.size()) - 1;
        if (slot == last) {
            context_.clear(slot);
        } else {
            context_.move(last, slot);
            slots_[slot] = slots_[last];
            slots_[slot].in_flight->slots[slots_[slot].row] = slot;
        }
        slots_.pop_back();
    }

    void hand_back_ended_groups() {
        for (auto it = groups_.begin(); it != groups_.end();) {
            if (!it->group.has_ended()) {
                ++it;
                continue;
            }
            exchange_.finished(it->group.result());
            it = groups_.erase(it);
        }
    }

    void report() {
        counters_.groups_in_flight = static_cast<int>(groups_.size());
        counters_.graphs = context_.n_graphs();
        exchange_.progress(counters_);
    }

    const std::shared_ptr<const Model> model_;
    GenerationOptions options_;
    GroupExchange & exchange_;
    const std::atomic<bool> & cancel_;
    Context context_;
    PromptCache prompt_cache_;
    std::list<InFlight> groups_;    // in order of admission; a list, since slots_ point into it
    std::vector<SlotOwner> slots_;  // [rows in flight] whose row each slot holds
    std::vector<int> sets_of_row_;  // [n_rows] contrast sets
    Counters counters_;
    // working memory of a step
    Workers workers_;
    std::vector<StepScratch> scratch_;         // [n_workers]
    std::vector<int32_t> tokens_, positions_;  // [n_slots]
    std::vector<InFlight *> in_step_;
    std::vector<SlotOwner> ended_;
};

}  // namespace

Counters generate(std::shared_ptr<const Model> model, const GenerationOptions & options, GroupExchange & exchange,
                  const std::atomic<bool> & cancel) {
    const int n_rows = options.shape.n_rows();
    if (n_rows > options.context.n_slots || options.context.n_slots + options.context.n_stored > kMaxRows) {
        throw EngineError(ErrorCode::kContextFull, "A group of " + std::to_string(n_rows) +
                                                       " rows needs as many slots, the context has " +
                                                       std::to_string(options.context.n_slots) + " and " +
                                                       std::to_string(options.context.n_stored) +
                                                       " stored ones, of at most " + std::to_string(kMaxRows));
    }
    return Loop(std::move(model), options, exchange, cancel).run();
}

}  // namespace corrsynth
