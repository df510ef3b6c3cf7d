// The graph backend, for any device that ggml knows: the device finds each row's candidates, the host draws from them.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "backends/backend.h"
#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml.h"

namespace corrsynth {

// Two small graphs of our own, whose leaf is the logits tensor itself:
//
//   1. the K best tokens of each row and their logits (token mask added, ADD, TOP_K, GET_ROWS), and each row's sum, in
//      which no NaN and no +inf can hide (SUM_ROWS). K grows until it holds every plausible token.
//   2. the logits of all rows at the tokens that are plausible for some row of their group (GET_ROWS).
//
// They only compare and copy, so what reaches the host is exact; a group's columns then make a small matrix that
// sample_step draws from: the same float64 arithmetic over the same tokens in the same order as on the whole
// vocabulary, and so the same tokens bit for bit, also on devices without float64. Some kilobytes a row cross
// instead of the vocabulary: 3 of 201 with 50,257 tokens. Of a few thousand tokens it can be more than all of them.
class GraphBackend : public Backend {
  public:
    explicit GraphBackend(const BackendOptions & options);
    ~GraphBackend() override;
    const char * name() const override { return "graph"; }

    // Serves tensors on a device that has the operations. Leaves to others: alpha 0, where every token is a candidate,
    // steps with very many, log-probabilities, which need sums over the vocabulary, and logits that are not numbers.
    // (Kept ends need sums over plausible tokens, and those it has.)
    bool draw(const StepLogits & logits, GroupDraw * groups, int n_groups, bool weights_changed) override;
    std::string why_not() const override { return why_not_; }
    uint64_t bytes_to_host() const override { return n_bytes_; }

  private:
    struct Plan;  // a graph for so many rows and columns, and the address that its leaf was made for
    struct GraphFree {
        void operator()(ggml_backend_t backend) const { ggml_backend_free(backend); }
        void operator()(ggml_context * context) const { ggml_free(context); }
        void operator()(ggml_gallocr_t allocator) const { ggml_gallocr_free(allocator); }
        void operator()(ggml_backend_buffer_t buffer) const { ggml_backend_buffer_free(buffer); }
    };
    template <typename T>
    using Handle = std::unique_ptr<T, GraphFree>;

    bool is_ready(const ggml_tensor & logits);
    bool find_candidates(const ggml_tensor & logits);
    bool join_candidates(GroupDraw * groups, int n_groups);
    bool fetch_columns(const ggml_tensor & logits, const GroupDraw * groups, int n_groups);
    void draw_from_columns(GroupDraw * groups, int n_groups);
    Plan * plan_of(std::map<int, std::unique_ptr<Plan>> & plans, const ggml_tensor & logits, int width, bool is_search);
    template <typename T>
    void fetch(const ggml_tensor * from, std::vector<T> & to);
    bool refuse(const char * why);

    const BackendOptions options_;
    const double log_alpha_;
    std::string why_not_;
    bool is_hopeless_ = false;  // the device lacks an operation: not asked again
    ggml_backend_dev_t device_ = nullptr;
    Handle<ggml_backend> backend_;
    Handle<ggml_context> mask_context_;
    Handle<ggml_backend_buffer> mask_buffer_;
    ggml_tensor * mask_ = nullptr;                             // [n_vocab] 0, or -inf at banned tokens
    std::map<int, std::unique_ptr<Plan>> searches_, gathers_;  // by K, and by columns
    int n_best_ = 64;                                          // K
    uint64_t n_bytes_ = 0;
    // of the step at hand
    std::vector<uint8_t> needed_;                // [max_group_rows] of the group at hand
    std::vector<int32_t> best_tokens_;           // [n_rows, K]
    std::vector<float> best_logits_;             // [n_rows, K]
    std::vector<float> sums_;                    // [n_rows]
    std::vector<std::vector<int32_t>> columns_;  // [n_groups] tokens, ascending
    std::vector<int32_t> index_;                 // [n_rows, n_columns]
    std::vector<float> gathered_;                // [n_rows, n_columns]
    int n_columns_ = 0;
    std::vector<StepScratch> scratch_;  // one, made anew when the columns outgrow it
    int scratch_columns_ = 0;
    TokenMask column_mask_;  // of the columns at hand: which of them end a text, and none is banned
};

}  // namespace corrsynth
