#include "engine/generate.h"

#include <chrono>
#include <list>
#include <string>

#include "engine/error.h"
#include "engine/prompt_cache.h"

namespace corrsynth {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// A group in flight, and the slot of each of its rows.
struct InFlight {
    Group group;
    std::vector<int> slots;
    InFlight(const GroupShape & shape, GroupRequest request)
        : group(shape, std::move(request)), slots(shape.n_rows(), -1) {}
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
          scratch_(options.shape.n_rows(), model_->info().n_vocab),
          drawn_(options.shape.n_rows()),
          log_probs_(options.shape.n_rows()),
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
        ended_.clear();
        for (InFlight & entry : groups_) sample(entry, logits);  // all draws before any row moves
        counters_.sample_seconds += seconds_since(sampling);
        for (const SlotOwner & owner : ended_) release(owner.in_flight->slots[owner.row]);
        hand_back_ended_groups();
        return !ended_.empty();
    }

    void sample(InFlight & entry, LogitsView logits) {
        logits.n_rows = options_.shape.n_rows();
        logits.row_index = entry.slots.data();
        Group & group = entry.group;
        const StepInput input{logits, &group.weights(), group.draws().data(), group.index(), group.step()};
        double * log_probs = options_.log_probs ? log_probs_.data() : nullptr;
        const StepResult result =
            sample_step(options_.step, model_->vocabulary().mask(), input, scratch_, drawn_.data(), log_probs);
        if (result.status != StepStatus::kOk) fail(group, result);
        count(group);
        group.accept(drawn_.data(), log_probs, model_->vocabulary(), options_.limits, ended_rows_);
        for (const int row : ended_rows_) ended_.push_back({&entry, row});
    }

    [[noreturn]] static void fail(const Group & group, const StepResult & result) {
        const std::string what = result.status == StepStatus::kNotANumber ? " got a logit that is not a finite number"
                                                                          : " got no token that may be drawn";
        throw EngineError(ErrorCode::kNotANumber, "Row " + std::to_string(result.row) + " of group " +
                                                      std::to_string(group.index()) + what +
                                                      " from the model at step " + std::to_string(group.step()));
    }

    void count(const Group & group) {
        for (int m = 0; m < options_.shape.n_generating; ++m) {
            if (!group.draws()[m]) continue;
            counters_.generated_tokens++;
            const int empty = group.weights().empty_sets[m];
            if (empty > 0)
                (empty == sets_of_row_[m] ? counters_.uncontrasted_tokens : counters_.partly_contrasted_tokens)++;
        }
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
    StepScratch scratch_;
    std::vector<int32_t> drawn_;               // [n_rows]
    std::vector<double> log_probs_;            // [n_rows]
    std::vector<int32_t> tokens_, positions_;  // [n_slots]
    std::vector<SlotOwner> ended_;
    std::vector<int> ended_rows_;
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
