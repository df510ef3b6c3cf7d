#include "engine/generate.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <list>
#include <optional>
#include <string>

#include "backends/backend_selector.h"
#include "backends/workers.h"
#include "engine/error.h"
#include "engine/lane.h"
#include "engine/request_check.h"

namespace corrsynth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kFirstBatch = 64;  // prompt tokens between two steps of the first group: decoded about as fast as more

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

BackendOptions backend_options(const Models & models, const GenerationOptions & options, const TokenMask & mask) {
    BackendOptions out;
    out.step = options.step;
    out.mask = &mask;
    out.n_vocab = models.first->info().n_vocab;
    if (models.second) out.n_vocab = std::min(out.n_vocab, models.second->info().n_vocab);  // the rest is padding
    out.max_rows = options.context.n_slots;
    out.max_group_rows = options.shape.n_rows();
    out.draws_on_host = options.draws_on_host || options.extras.contrast_norms || options.extras.trace;
    return out;
}

class Loop {
  public:
    Loop(const Models & models, const GenerationOptions & options, GroupExchange & exchange,
         const std::atomic<bool> & cancel)
        : model_(models.first),
          options_(options),
          exchange_(exchange),
          cancel_(cancel),
          first_(model_, options.context, options_.shape, 0, cancel),
          sets_of_row_(options.shape.n_rows()),
          workers_(options.context.n_threads),
          mask_(model_->vocabulary().mask_ending_at(options.limits.stop)),
          backends_(backend_options(models, options, mask_), workers_, cuda_sampler_directory()) {
        if (models.second) second_.emplace(models.second, options.second_context, options_.shape, 1, cancel);
        for (const ContrastSet & set : options_.shape.coupling.sets) sets_of_row_[set.row]++;
    }

    Counters run(double setup_seconds) {
        counters_.setup_seconds = setup_seconds;
        while (take_in() || first_.slots().n_live() > 0) {
            if (first_.slots().n_live() > 0) step();
            report();
        }
        const std::string & why_copied = first_.context().why_copied();
        counters_.notice = why_copied.empty() ? backends_.notice() : why_copied;
        return counters_;
    }

  private:
    // Between two steps: decodes a batch of prompt tokens, asking for a group whenever none is being filled and a whole
    // one would fit. True while one is being filled. Rows that run wait for one batch and no longer, however long the
    // prompts are. (The two cannot share a graph: with a stream per row llama.cpp puts rows of one token and rows of
    // several into graphs of their own.) Until a first group has ended, while the others' prompts are far more than
    // what it writes, it waits for a part of a batch only: rows come within seconds, and as many tokens are decoded as
    // otherwise.
    bool take_in() {
        const bool runs = first_.slots().n_live() > 0;
        int n_left =
            runs && !has_finished_ ? std::min(options_.context.n_batch, kFirstBatch) : options_.context.n_batch;
        while (n_left > 0 && (filling_ || ask())) {
            n_left -= fill(n_left);
            if (!runs && !has_finished_ && first_.slots().n_live() > 0) break;  // the first group is in
        }
        if (cancel_) throw EngineError(ErrorCode::kCancelled, "The generation was stopped");
        return filling_ != nullptr;
    }

    bool ask() {
        GroupRequest request;
        if (!may_ask_ || !first_.has_room() || (second_ && !second_->has_room())) return false;
        may_ask_ = exchange_.next(request);
        if (!may_ask_) return false;
        check_request(request, options_.shape, options_.limits, rooms());
        filling_ = &groups_.emplace_back(options_.shape, std::move(request));
        first_.begin(*filling_);
        if (second_) second_->begin(*filling_);
        for (const auto & prompt : filling_->group.prompts()) counters_.prompt_tokens += prompt.size();
        return true;
    }

    int fill(int n_tokens) {
        const auto start = Clock::now();
        const bool is_first = !first_.is_filled();
        int n_decoded = 0;
        if (is_first) n_decoded = first_.fill(n_tokens);
        else if (second_ && !second_->is_filled()) n_decoded = second_->fill(n_tokens);
        if (first_.is_filled() && (!second_ || second_->is_filled())) {
            first_.join(*filling_);
            if (second_) second_->join(*filling_);
            filling_ = nullptr;
            have_weights_changed_ = true;
        }
        const double seconds = seconds_since(start);
        counters_.prefilled_tokens += n_decoded;
        counters_.prefill_seconds += seconds;
        if (!is_first) counters_.second_seconds += seconds;
        return n_decoded;
    }

    // Tokens that a row can hold, by source.
    std::array<int, 2> rooms() { return {first_.context().slot_size(), second_ ? second_->context().slot_size() : 0}; }

    // One decode of every live row, one draw for each generating one.
    void step() {
        const auto start = Clock::now();
        counters_.steps++;
        counters_.decoded_tokens += first_.slots().n_live();
        StepLogits logits = first_.step(), second;
        if (second_ && second_->slots().n_live() > 0) {
            const auto begun = Clock::now();
            counters_.decoded_tokens += second_->slots().n_live();
            second = second_->step();
            logits.second = &second;
            counters_.second_seconds += seconds_since(begun);
        }
        counters_.decode_seconds += seconds_since(start);

        const auto sampling = Clock::now();
        draw(logits);
        workers_.run(static_cast<int>(in_step_.size()), [&](int i, int) {
            in_step_[i]->accept(options_.limits, model_->vocabulary(), sets_of_row_, options_.extras);
        });
        have_weights_changed_ = false;
        for (InFlight * entry : in_step_) collect(*entry);  // all draws before any row moves
        counters_.sample_seconds += seconds_since(sampling);
        first_.release();
        if (second_) second_->release();
        hand_back_ended_groups();
    }

    void draw(const StepLogits & logits) {
        in_step_.clear();
        draws_.clear();
        for (InFlight & entry : groups_) {
            if (&entry == filling_) continue;
            in_step_.push_back(&entry);
            draws_.push_back(
                entry.to_draw(options_.extras, static_cast<int>(options_.context.layers.size()), logits.host.n_rows));
        }
        try {
            backends_.draw(logits, draws_.data(), static_cast<int>(draws_.size()), have_weights_changed_);
        } catch (const std::runtime_error & error) {
            throw EngineError(ErrorCode::kDecode, std::string("The device failed to draw a step: ") + error.what());
        }
        for (size_t i = 0; i < draws_.size(); ++i) {
            if (draws_[i].result.status != StepStatus::kOk) fail(in_step_[i]->group, draws_[i].result);
        }
    }

    void collect(InFlight & entry) {
        counters_.generated_tokens += entry.tally.generated;
        counters_.uncontrasted_tokens += entry.tally.uncontrasted;
        counters_.partly_contrasted_tokens += entry.tally.partly_contrasted;
        for (const int row : entry.ended) {
            if (row >= entry.group.n_prompts()) continue;  // a layer's row has no slot
            (entry.group.source_of(row) == 0 ? first_ : *second_).end({&entry, row});
        }
        if (!entry.ended.empty()) may_ask_ = true;  // there will be room again
        if (entry.group.are_weights_new()) have_weights_changed_ = true;
    }

    [[noreturn]] static void fail(const Group & group, const StepResult & result) {
        const std::string what = result.status == StepStatus::kNotANumber ? " got a logit that is not a finite number"
                                                                          : " got no token that may be drawn";
        throw EngineError(ErrorCode::kNotANumber, "Row " + std::to_string(result.row) + " of group " +
                                                      std::to_string(group.index()) + what +
                                                      " from the model at step " + std::to_string(group.step()));
    }

    void hand_back_ended_groups() {
        for (auto it = groups_.begin(); it != groups_.end();) {
            if (!it->group.has_ended()) {
                ++it;
                continue;
            }
            exchange_.finished(it->group.result());
            has_finished_ = true;
            it = groups_.erase(it);
        }
    }

    void report() {
        counters_.groups_in_flight = static_cast<int>(groups_.size());
        counters_.graphs = counters_.moved_rows = 0;
        counters_.bytes_to_host = backends_.bytes_to_host();
        for (Lane * lane : {&first_, second_ ? &*second_ : nullptr}) {
            if (!lane) continue;
            counters_.graphs += lane->context().n_graphs();
            counters_.moved_rows += lane->slots().n_moves();
            counters_.bytes_to_host += lane->context().n_bytes_copied();
        }
        counters_.sampler = backends_.name();
        exchange_.progress(counters_);
    }

    const std::shared_ptr<const Model> model_;
    GenerationOptions options_;
    GroupExchange & exchange_;
    const std::atomic<bool> & cancel_;
    Lane first_;
    std::optional<Lane> second_;    // of the second model
    std::list<InFlight> groups_;    // in order of admission; a list, since the lanes point into it
    InFlight * filling_ = nullptr;  // the one whose prompts are being decoded
    bool has_finished_ = false;     // a group
    bool may_ask_ = true;           // the exchange has not declined since a row ended
    std::vector<int> sets_of_row_;  // [n_rows] contrast sets
    Counters counters_;
    // working memory of a step
    Workers workers_;
    const TokenMask mask_;  // tokens that begin with a stop string are end tokens, too
    BackendSelector backends_;
    bool have_weights_changed_ = true;  // since the step before
    std::vector<InFlight *> in_step_;
    std::vector<GroupDraw> draws_;  // of in_step_
};

void check_rows(size_t n_rows, const ContextOptions & context) {
    if (n_rows <= static_cast<size_t>(context.n_slots) && context.n_slots + context.n_stored <= kMaxRows) return;
    throw EngineError(ErrorCode::kContextFull,
                      "A group of " + std::to_string(n_rows) + " rows needs as many slots, the context has " +
                          std::to_string(context.n_slots) + " and " + std::to_string(context.n_stored) +
                          " stored ones, of at most " + std::to_string(kMaxRows));
}

}  // namespace

Counters generate(const Models & models, const GenerationOptions & options, GroupExchange & exchange,
                  const std::atomic<bool> & cancel) {
    check_rows(options.shape.rows_of(0).size(), options.context);
    if (models.second) check_rows(options.shape.rows_of(1).size(), options.second_context);
    const auto start = Clock::now();
    Loop loop(models, options, exchange, cancel);
    return loop.run(seconds_since(start));
}

}  // namespace corrsynth
