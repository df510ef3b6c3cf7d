// M rows decoded together: what each has said so far, which still run, and the coupling between them.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "engine/row_text.h"
#include "engine/vocabulary.h"
#include "sampling/coupling.h"
#include "sampling/trace.h"

namespace corrsynth {

// What all groups of a generation have in common. Rows 0..n_generating-1 generate; the rows after them are contrast
// rows: each has a prompt of its own and is fed the tokens of the row that it follows. Those of source 1 are decoded by
// the second model, whose logits make the second matrix.
struct GroupShape {
    int n_generating = 0;
    std::vector<int> follows;  // [n_rows] the row itself for a generating row
    Coupling coupling;
    int warm_up = 0;                                       // steps that are drawn without contrast
    int contrast_until = std::numeric_limits<int>::max();  // the first step that is so again, as are all that follow
    std::vector<uint8_t> source;  // [n_rows] 0 or 1, 0 of a row that generates; or empty: all are 0
    int n_layer_rows = 0;         // the last so many: see add_layer_rows
    int n_rows() const { return static_cast<int>(follows.size()); }
    int n_prompts() const { return n_rows() - n_layer_rows; }  // rows that a request has prompts for
    int source_of(int row) const { return source.empty() ? 0 : source[row]; }
    std::vector<int> rows_of(int of_source) const;  // ascending

    // Contrasts each row that generates with its own earlier layers, by this weight: a row of the second matrix that
    // no model decodes and that has no prompt. The last rows to be added.
    void add_layer_rows(double weight);
};

struct GroupRequest {
    uint64_t index = 0;  // names the group and keys its random numbers
    // [n_prompts] tokens. None: the row is absent, as if it had ended before the first step. At least one row
    // generates, and a contrast row comes with the row that it follows.
    std::vector<std::vector<int32_t>> prompts;
    // [n_prompts] or empty. Places in a prompt, ascending, 1..size - 1, at which its decoding is cut: what lies before
    // one is decoded apart from what follows, so that groups that share it get the same cells, bit for bit.
    std::vector<std::vector<int32_t>> cuts;
};

enum class Ending { kEndToken, kStopString, kLength };

struct RowResult {
    std::string text;
    int n_tokens = 0;  // tokens drawn, the one that ended the row included
    Ending ending = Ending::kLength;
    int stop = -1;        // index of the stop string that ended it
    double log_prob = 0;  // of those tokens, under the row's own distribution; 0 unless asked for
    // contrast_norm at each of those tokens up to the last one that had a partner; empty unless asked for
    std::vector<double> contrast_norms;
};

struct GroupResult {
    uint64_t index = 0;
    std::vector<RowResult> rows;  // [n_generating] of an absent row nothing
    // of the row that was asked for, a step for each of its tokens; and the texts of all tokens that it names
    std::vector<StepTrace> trace;
    std::map<int32_t, std::string> pieces;
};

struct RowLimits {
    int max_tokens = 160;
    std::vector<std::string> stop;
};

class Group {
  public:
    Group(const GroupShape & shape, GroupRequest request);

    uint64_t index() const { return request_.index; }
    uint32_t step() const { return step_; }
    int n_rows() const { return shape_.n_rows(); }
    const std::vector<std::vector<int32_t>> & prompts() const { return request_.prompts; }
    const std::vector<std::vector<int32_t>> & cuts() const { return request_.cuts; }
    bool is_absent(int row) const { return request_.prompts[row].empty(); }
    int source_of(int row) const { return shape_.source_of(row); }
    int n_prompts() const { return shape_.n_prompts(); }
    int follows(int row) const { return shape_.follows[row]; }
    const uint8_t * sources() const { return shape_.source.empty() ? nullptr : shape_.source.data(); }  // [n_rows]

    // What row m is fed next, and where: its last prompt token first, then the tokens of the row it follows.
    int32_t next_token(int row) const { return next_token_[row]; }
    int32_t next_position(int row) const { return static_cast<int32_t>(request_.prompts[row].size()) - 1 + step_; }

    // A contrast row is active as long as there is contrast and the row it follows runs, whatever became of the row
    // whose prompt it has.
    const std::vector<uint8_t> & active() const { return active_; }
    const std::vector<uint8_t> & draws() const { return draws_; }  // active and generating
    const ContrastWeights & weights() const { return weights_; }
    bool are_weights_new() const { return are_weights_new_; }  // not those of the step before
    bool has_ended() const { return n_running_ == 0; }

    // Keeps those of the step at hand, [n_rows], before its tokens are accepted. A row without a partner (its norm is
    // negative) never gets one again, so its list has ended.
    void keep_contrast_norms(const double * contrast_norms);

    // Keeps the trace of the step at hand, before its tokens are accepted.
    void keep_trace(StepTrace trace, const Vocabulary & vocabulary);

    // Takes the tokens of one step, [n_rows], and moves on; log_probs may be null. Rows that ended with it are listed
    // in `ended`, contrast rows included.
    void accept(const int32_t * tokens, const double * log_probs, const Vocabulary & vocabulary,
                const RowLimits & limits, std::vector<int> & ended);

    GroupResult result() const;

  private:
    void weigh();
    bool ends(int row, int32_t token, const Vocabulary & vocabulary, const RowLimits & limits);
    const GroupShape & shape_;
    GroupRequest request_;
    int step_ = 0;
    int n_running_;
    std::vector<int32_t> next_token_;
    std::vector<uint8_t> active_, draws_;
    ContrastWeights weights_;
    bool are_weights_new_ = true;
    std::vector<RowText> texts_;
    std::vector<RowResult> results_;
    std::vector<StepTrace> trace_;
    std::map<int32_t, std::string> pieces_;
};

}  // namespace corrsynth
