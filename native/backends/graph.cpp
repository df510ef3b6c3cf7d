#include "backends/graph.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sampling/plausibility.h"

namespace corrsynth {
namespace {

constexpr int kMaxNodes = 32;
constexpr size_t kMaxPlans = 16;
constexpr int kFewTokens = 1024;  // so many candidates are searched for in any vocabulary

int next_power_of_two(int n) {
    int power = 1;
    while (power < n) power *= 2;
    return power;
}

// x [n, rows] at idx [k, rows] -> [k, rows]
ggml_tensor * pick(ggml_context * context, ggml_tensor * x, ggml_tensor * idx) {
    ggml_tensor * cells = ggml_get_rows(context, ggml_reshape_3d(context, x, 1, x->ne[0], x->ne[1]), idx);
    return ggml_reshape_2d(context, cells, idx->ne[0], idx->ne[1]);
}

}  // namespace

struct GraphBackend::Plan {
    Handle<ggml_context> context;
    Handle<ggml_gallocr> allocator;
    ggml_cgraph * graph = nullptr;
    const void * address = nullptr;
    int64_t n_rows = 0;
    ggml_tensor *tokens = nullptr, *logits = nullptr, *sums = nullptr;  // of a search
    ggml_tensor *index = nullptr, *gathered = nullptr;                  // of a gather
};

GraphBackend::GraphBackend(const BackendOptions & options)
    : options_(options),
      log_alpha_(options.step.alpha > 0 ? std::log(options.step.alpha) : -std::numeric_limits<double>::infinity()),
      needed_(options.max_group_rows) {}

GraphBackend::~GraphBackend() = default;

bool GraphBackend::refuse(const char * why) {
    why_not_ = why;
    return false;
}

bool GraphBackend::is_ready(const ggml_tensor & logits) {
    ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(logits.buffer);
    ggml_backend_dev_t device = ggml_backend_buft_get_device(type);
    if (!device) device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (backend_ && device == device_) return true;
    searches_.clear();
    gathers_.clear();
    device_ = device;
    backend_.reset(ggml_backend_dev_init(device, nullptr));
    if (!backend_) return refuse("ggml gave no second backend on the device that holds the logits");

    mask_context_.reset(ggml_init({ggml_tensor_overhead(), nullptr, /*no_alloc=*/true}));
    mask_ = ggml_new_tensor_1d(mask_context_.get(), GGML_TYPE_F32, logits.ne[0]);
    mask_buffer_.reset(ggml_backend_alloc_ctx_tensors(mask_context_.get(), backend_.get()));
    if (!mask_buffer_) return refuse("the device has no memory for the token mask");
    std::vector<float> mask(logits.ne[0], -std::numeric_limits<float>::infinity());  // padding is never drawn
    for (int w = 0; w < options_.n_vocab; ++w) {
        if (!options_.mask->is_banned(w)) mask[w] = 0;
    }
    ggml_backend_tensor_set(mask_, mask.data(), 0, mask.size() * sizeof(float));
    return true;
}

GraphBackend::Plan * GraphBackend::plan_of(std::map<int, std::unique_ptr<Plan>> & plans, const ggml_tensor & logits,
                                           int width, bool is_search) {
    std::unique_ptr<Plan> & place = plans[width];
    if (place && place->address == logits.data && place->n_rows == logits.ne[1]) return place.get();
    if (plans.size() > kMaxPlans) {
        plans.clear();
        return plan_of(plans, logits, width, is_search);
    }
    place = std::make_unique<Plan>();
    Plan & plan = *place;
    plan.address = logits.data;
    plan.n_rows = logits.ne[1];
    plan.context.reset(
        ggml_init({kMaxNodes * ggml_tensor_overhead() + ggml_graph_overhead(), nullptr, /*no_alloc=*/true}));
    ggml_context * c = plan.context.get();
    ggml_tensor * leaf = ggml_new_tensor_2d(c, GGML_TYPE_F32, logits.ne[0], logits.ne[1]);
    ggml_backend_tensor_alloc(logits.buffer, leaf, logits.data);  // the logits themselves
    plan.graph = ggml_new_graph(c);
    std::vector<ggml_tensor *> outputs;
    if (is_search) {
        ggml_tensor * allowed = ggml_add(c, leaf, mask_);  // x + 0 is x
        plan.tokens = ggml_top_k(c, allowed, width);
        plan.logits = pick(c, allowed, plan.tokens);
        plan.sums = ggml_sum_rows(c, leaf);
        outputs = {plan.tokens, plan.logits, plan.sums};
    } else {
        plan.index = ggml_new_tensor_2d(c, GGML_TYPE_I32, width, plan.n_rows);
        ggml_set_input(plan.index);
        plan.gathered = pick(c, leaf, plan.index);
        outputs = {plan.gathered};
    }
    for (ggml_tensor * output : outputs) {
        ggml_set_output(output);
        ggml_build_forward_expand(plan.graph, output);
    }
    for (int i = 0; i < ggml_graph_n_nodes(plan.graph); ++i) {
        ggml_tensor * node = ggml_graph_node(plan.graph, i);
        if (ggml_backend_dev_supports_op(device_, node)) continue;
        is_hopeless_ = true;
        why_not_ = std::string("the device has no ") + ggml_op_name(node->op) + " of this size";
        place.reset();
        return nullptr;
    }
    plan.allocator.reset(ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend_.get())));
    if (!ggml_gallocr_alloc_graph(plan.allocator.get(), plan.graph)) {
        refuse("the device has no memory for a step's graph");
        place.reset();
        return nullptr;
    }
    return place.get();
}

template <typename T>
void GraphBackend::fetch(const ggml_tensor * from, std::vector<T> & to) {
    to.resize(ggml_nelements(from));
    ggml_backend_tensor_get(from, to.data(), 0, ggml_nbytes(from));
    n_bytes_ += ggml_nbytes(from);
}

bool GraphBackend::find_candidates(const ggml_tensor & logits) {
    Plan * plan = plan_of(searches_, logits, n_best_, /*is_search=*/true);
    if (!plan) return false;
    if (ggml_backend_graph_compute(backend_.get(), plan->graph) != GGML_STATUS_SUCCESS)
        return refuse("the device failed to search the logits");
    fetch(plan->tokens, best_tokens_);
    fetch(plan->logits, best_logits_);
    fetch(plan->sums, sums_);
    return true;
}

// Tokens that are plausible for some row that is drawn for, and the best one of every row, by group. False when a row's
// K best are all plausible, so that there may be more, or its logits are none.
bool GraphBackend::join_candidates(GroupDraw * groups, int n_groups) {
    columns_.resize(n_groups);
    n_columns_ = 1;
    for (int g = 0; g < n_groups; ++g) {
        const StepInput & input = groups[g].input;
        columns_[g].clear();
        mark_needed(input, needed_.data());
        for (int m = 0; m < input.logits.n_rows; ++m) {
            if (!needed_[m]) continue;  // of an ended row the index means nothing
            const int row = input.logits.row_index ? input.logits.row_index[m] : m;
            const float * best = best_logits_.data() + static_cast<size_t>(row) * n_best_;
            const int32_t * tokens = best_tokens_.data() + static_cast<size_t>(row) * n_best_;
            const int at = static_cast<int>(std::max_element(best, best + n_best_) - best);
            if (std::isnan(sums_[row]) || sums_[row] == std::numeric_limits<float>::infinity() || std::isinf(best[at]))
                return refuse("a row holds what is no number");
            columns_[g].push_back(tokens[at]);
            if (!input.draws[m]) continue;
            const float threshold = plausibility_threshold(best[at], log_alpha_);
            int n = 0;
            for (int i = 0; i < n_best_; ++i) {
                if (best[i] < threshold) continue;
                columns_[g].push_back(tokens[i]);
                ++n;
            }
            if (n == n_best_ && n_best_ < options_.n_vocab) return false;
        }
        std::sort(columns_[g].begin(), columns_[g].end());
        columns_[g].erase(std::unique(columns_[g].begin(), columns_[g].end()), columns_[g].end());
        n_columns_ = std::max(n_columns_, static_cast<int>(columns_[g].size()));
    }
    n_columns_ = next_power_of_two(n_columns_);
    if (n_columns_ > std::max(kFewTokens, options_.n_vocab / 2))
        return refuse("half of the vocabulary is plausible for some row of a group");
    return true;
}

bool GraphBackend::fetch_columns(const ggml_tensor & logits, const GroupDraw * groups, int n_groups) {
    Plan * plan = plan_of(gathers_, logits, n_columns_, /*is_search=*/false);
    if (!plan) return false;
    index_.assign(static_cast<size_t>(logits.ne[1]) * n_columns_, 0);
    for (int g = 0; g < n_groups; ++g) {
        const LogitsView & view = groups[g].input.logits;
        mark_needed(groups[g].input, needed_.data());
        for (int m = 0; m < view.n_rows; ++m) {
            if (!needed_[m]) continue;
            const int row = view.row_index ? view.row_index[m] : m;
            std::copy(columns_[g].begin(), columns_[g].end(), index_.begin() + static_cast<size_t>(row) * n_columns_);
        }
    }
    ggml_backend_tensor_set(plan->index, index_.data(), 0, index_.size() * sizeof(int32_t));
    if (ggml_backend_graph_compute(backend_.get(), plan->graph) != GGML_STATUS_SUCCESS)
        return refuse("the device failed to gather the logits of the candidates");
    fetch(plan->gathered, gathered_);
    return true;
}

void GraphBackend::draw_from_columns(GroupDraw * groups, int n_groups) {
    if (scratch_columns_ < n_columns_) {
        scratch_.assign(1, StepScratch(options_.max_group_rows, n_columns_));
        scratch_columns_ = n_columns_;
    }
    for (int g = 0; g < n_groups; ++g) {
        StepInput input = groups[g].input;
        input.logits.data = gathered_.data();
        input.logits.stride = n_columns_;
        input.logits.n_vocab = static_cast<int>(columns_[g].size());
        column_mask_.reset(input.logits.n_vocab);
        for (int i = 0; i < input.logits.n_vocab; ++i) {
            if (options_.mask->is_end(columns_[g][i])) column_mask_.add_end(i);
        }
        groups[g].result = sample_step(options_.step, column_mask_, input, scratch_[0], groups[g].tokens, nullptr);
        for (int m = 0; m < input.logits.n_rows; ++m) {
            int32_t & token = groups[g].tokens[m];
            if (token >= 0) token = columns_[g][token];
        }
    }
}

bool GraphBackend::draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool) {
    if (is_hopeless_) return false;
    if (logits.second) return refuse("a second matrix of logits is read on the host");
    if (!logits.tensor) return refuse("there is no tensor of logits");
    if (options_.step.alpha <= 0) return refuse("at alpha 0 every token is a candidate");
    for (int g = 0; g < n_groups; ++g) {
        if (groups[g].log_probs) return refuse("log-probabilities need sums over the vocabulary");
    }
    if (!is_ready(*logits.tensor)) return false;
    for (n_best_ = std::min(n_best_, options_.n_vocab);; n_best_ = std::min(2 * n_best_, options_.n_vocab)) {
        why_not_.clear();
        if (!find_candidates(*logits.tensor)) return false;
        if (join_candidates(groups, n_groups)) break;
        if (!why_not_.empty()) return false;
        if (n_best_ > std::max(kFewTokens, options_.n_vocab / 4))
            return refuse("a quarter of the vocabulary and more is plausible");
    }
    if (!fetch_columns(*logits.tensor, groups, n_groups)) return false;
    draw_from_columns(groups, n_groups);
    return true;
}

}  // namespace corrsynth
