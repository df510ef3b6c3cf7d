#include "engine/generate.h"

#include <chrono>
#include <list>
#include <string>

#include "backends/backend_selector.h"
#include "backends/workers.h"
#include "engine/error.h"
#include "engine/prompt_cache.h"
#include "engine/slot_table.h"

namespace corrsynth {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

BackendOptions backend_options(const Model & model, const GenerationOptions & options, const TokenMask & mask) {
    BackendOptions out;
    out.step = options.step;
    out.mask = &mask;
    out.n_vocab = model.info().n_vocab;
    out.max_rows = options.context.n_slots;
    out.max_group_rows = options.shape.n_rows();
    out.draws_on_host = options.draws_on_host || options.extras.contrast_norms;
    return out;
}

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
          slots_(context_),
          sets_of_row_(options.shape.n_rows()),
          workers_(options.context.n_threads),
          mask_(model_->vocabulary().mask_ending_at(options.limits.stop)),
          backends_(backend_options(*model_, options, mask_), workers_, cuda_sampler_directory()),
          tokens_(context_.n_slots()),
          positions_(context_.n_slots()) {
        for (const ContrastSet & set : options_.shape.coupling.sets) sets_of_row_[set.row]++;
    }

    Counters run(double setup_seconds) {
        counters_.setup_seconds = setup_seconds;
        while (take_in() || slots_.n_live() > 0) {
            if (slots_.n_live() > 0) step();
            report();
        }
        counters_.notice = context_.why_copied().empty() ? backends_.notice() : context_.why_copied();
        return counters_;
    }

  private:
    // Between two steps: decodes a batch of prompt tokens, asking for a group whenever none is being filled and a whole
    // one would fit. True while one is being filled. Rows that run wait for one batch and no longer, however long the
    // prompts are. (The two cannot share a graph: with a stream per row llama.cpp puts rows of one token and rows of
    // several into graphs of their own.)
    bool take_in() {
        int n_left = options_.context.n_batch;
        while (n_left > 0 && (filling_ || ask())) n_left -= fill(n_left);
        if (cancel_) throw EngineError(ErrorCode::kCancelled, "The generation was stopped");
        return filling_ != nullptr;
    }

    bool ask() {
        GroupRequest request;
        if (!may_ask_ || slots_.n_free() < options_.shape.n_rows()) return false;
        may_ask_ = exchange_.next(request);
        if (!may_ask_) return false;
        check(request);
        filling_ = &groups_.emplace_back(options_.shape, std::move(request));
        slots_.reserve(*filling_);
        prompt_cache_.begin(filling_->group.prompts(), filling_->slots);
        for (const auto & prompt : filling_->group.prompts()) counters_.prompt_tokens += prompt.size();
        return true;
    }

    int fill(int n_tokens) {
        const auto start = Clock::now();
        const int n_decoded = prompt_cache_.advance(n_tokens);
        if (prompt_cache_.is_done()) {
            slots_.join(*filling_);
            filling_ = nullptr;
            have_weights_changed_ = true;
        }
        counters_.prefilled_tokens += n_decoded;
        counters_.prefill_seconds += seconds_since(start);
        return n_decoded;
    }

    void check(const GroupRequest & request) const {
        if (request.prompts.size() != options_.shape.follows.size()) {
            throw EngineError(ErrorCode::kDecode, "A group of " + std::to_string(options_.shape.n_rows()) +
                                                      " rows came with " + std::to_string(request.prompts.size()) +
                                                      " prompts");
        }
        bool generates = false;
        for (size_t m = 0; m < request.prompts.size(); ++m) {
            const size_t n = request.prompts[m].size();
            if (n == 0) continue;
            generates = generates || static_cast<int>(m) < options_.shape.n_generating;
            if (request.prompts[options_.shape.follows[m]].empty()) {
                throw EngineError(ErrorCode::kDecode, "Row " + std::to_string(m) + " of group " +
                                                          std::to_string(request.index) +
                                                          " came without the row that it follows");
            }
            if (n + options_.limits.max_tokens <= static_cast<size_t>(context_.slot_size())) continue;
            throw EngineError(ErrorCode::kPromptTooLong,
                              "Expected the prompt of row " + std::to_string(m) + " in group " +
                                  std::to_string(request.index) + " and the tokens to come to fit " +
                                  std::to_string(context_.slot_size()) + " tokens, received " + std::to_string(n) +
                                  " + " + std::to_string(options_.limits.max_tokens));
        }
        if (generates) return;
        throw EngineError(ErrorCode::kDecode,
                          "Group " + std::to_string(request.index) + " came without a row that generates");
    }

    // One decode of every live row, one draw for each generating one.
    void step() {
        const auto start = Clock::now();
        const int n = slots_.n_live();
        for (int slot = 0; slot < n; ++slot) {
            const SlotOwner & owner = slots_[slot];
            tokens_[slot] = owner.in_flight->group.next_token(owner.row);
            positions_[slot] = owner.in_flight->group.next_position(owner.row);
        }
        const StepLogits logits = context_.step(tokens_.data(), positions_.data(), n);
        counters_.steps++;
        counters_.decoded_tokens += n;
        counters_.decode_seconds += seconds_since(start);

        const auto sampling = Clock::now();
        draw(logits);
        workers_.run(static_cast<int>(in_step_.size()), [&](int i, int) {
            in_step_[i]->accept(options_.limits, model_->vocabulary(), sets_of_row_, options_.extras);
        });
        ended_.clear();
        have_weights_changed_ = false;
        for (InFlight * entry : in_step_) collect(*entry);  // all draws before any row moves
        counters_.sample_seconds += seconds_since(sampling);
        slots_.release(ended_);
        if (!ended_.empty()) may_ask_ = true;  // there is room again
        hand_back_ended_groups();
    }

    void draw(const StepLogits & logits) {
        in_step_.clear();
        draws_.clear();
        for (InFlight & entry : groups_) {
            if (&entry == filling_) continue;
            in_step_.push_back(&entry);
            draws_.push_back(entry.to_draw(options_.extras));
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
        for (const int row : entry.ended) ended_.push_back({&entry, row});
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
            it = groups_.erase(it);
        }
    }

    void report() {
        counters_.groups_in_flight = static_cast<int>(groups_.size());
        counters_.graphs = context_.n_graphs();
        counters_.moved_rows = slots_.n_moves();
        counters_.bytes_to_host = backends_.bytes_to_host() + context_.n_bytes_copied();
        counters_.sampler = backends_.name();
        exchange_.progress(counters_);
    }

    const std::shared_ptr<const Model> model_;
    GenerationOptions options_;
    GroupExchange & exchange_;
    const std::atomic<bool> & cancel_;
    Context context_;
    PromptCache prompt_cache_;
    SlotTable slots_;
    std::list<InFlight> groups_;    // in order of admission; a list, since slots_ points into it
    InFlight * filling_ = nullptr;  // the one whose prompts are being decoded
    bool may_ask_ = true;           // the exchange has not declined since a row ended
    std::vector<int> sets_of_row_;  // [n_rows] contrast sets
    Counters counters_;
    // working memory of a step
    Workers workers_;
    const TokenMask mask_;  // tokens that begin with a stop string are end tokens, too
    BackendSelector backends_;
    bool have_weights_changed_ = true;         // since the step before
    std::vector<int32_t> tokens_, positions_;  // [n_slots]
    std::vector<InFlight *> in_step_;
    std::vector<GroupDraw> draws_;  // of in_step_
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
    const auto start = Clock::now();
    Loop loop(std::move(model), options, exchange, cancel);
    return loop.run(seconds_since(start));
}

}  // namespace corrsynth
