#include "engine/group.h"

namespace corrsynth {

std::vector<int> GroupShape::rows_of(int of_source) const {
    std::vector<int> rows;
    for (int m = 0; m < n_rows(); ++m) {
        if (source_of(m) == of_source) rows.push_back(m);
    }
    return rows;
}

void GroupShape::add_layer_rows(double weight) {
    source.resize(n_rows(), 0);
    for (int m = 0; m < n_generating; ++m) {
        coupling.sets.push_back({m, weight, {n_rows()}});
        follows.push_back(m);
        source.push_back(1);
    }
    n_layer_rows = n_generating;
    coupling.n_rows = n_rows();
}

Group::Group(const GroupShape & shape, GroupRequest request)
    : shape_(shape),
      request_(std::move(request)),
      n_running_(0),
      next_token_(shape.n_rows()),
      active_(shape.n_rows(), 0),
      draws_(shape.n_rows(), 0),
      texts_(shape.n_generating),
      results_(shape.n_generating) {
    request_.prompts.resize(shape.n_rows());
    for (int m = 0; m < shape.n_prompts(); ++m) {
        if (is_absent(m)) continue;
        next_token_[m] = request_.prompts[m].back();
        active_[m] = 1;
        draws_[m] = m < shape.n_generating;
        n_running_ += draws_[m];
    }
    for (int m = shape.n_prompts(); m < shape.n_rows(); ++m) active_[m] = active_[shape.follows[m]];
    weigh();
}

void Group::weigh() {
    if (step_ < shape_.warm_up || step_ >= shape_.contrast_until) no_contrast(shape_.coupling, weights_);
    else contrast_weights(shape_.coupling, active_.data(), weights_);
}

bool Group::ends(int row, int32_t token, const Vocabulary & vocabulary, const RowLimits & limits) {
    RowResult & result = results_[row];
    result.n_tokens++;
    if (vocabulary.is_end(token)) {
        result.ending = Ending::kEndToken;
        return true;
    }
    result.stop = texts_[row].append(vocabulary.piece(token), limits.stop);
    if (result.stop >= 0) {
        result.ending = Ending::kStopString;
        return true;
    }
    result.ending = Ending::kLength;
    return result.n_tokens >= limits.max_tokens;
}

void Group::keep_contrast_norms(const double * contrast_norms) {
    for (int m = 0; m < shape_.n_generating; ++m) {
        if (draws_[m] && contrast_norms[m] >= 0) results_[m].contrast_norms.push_back(contrast_norms[m]);
    }
}

void Group::keep_trace(StepTrace trace, const Vocabulary & vocabulary) {
    const auto name = [&](int32_t token) { pieces_.emplace(token, vocabulary.piece(token)); };
    name(trace.token);
    for (const auto & list : {trace.likely, trace.contrasts}) {
        for (const TokenShare & share : list) name(share.token);
    }
    trace_.push_back(std::move(trace));
}

void Group::accept(const int32_t * tokens, const double * log_probs, const Vocabulary & vocabulary,
                   const RowLimits & limits, std::vector<int> & ended) {
    ended.clear();
    for (int m = 0; m < shape_.n_generating; ++m) {
        if (!draws_[m]) continue;
        if (log_probs) results_[m].log_prob += log_probs[m];
        if (ends(m, tokens[m], vocabulary, limits)) {
            draws_[m] = 0;
            --n_running_;
        }
    }
    for (int m = 0; m < shape_.n_rows(); ++m) {
        if (!active_[m]) continue;
        next_token_[m] = tokens[shape_.follows[m]];
        const bool is_needed = m < shape_.n_generating || step_ + 1 < shape_.contrast_until;
        if (draws_[shape_.follows[m]] && is_needed) continue;
        active_[m] = 0;
        ended.push_back(m);
    }
    ++step_;
    are_weights_new_ = !ended.empty() || step_ == shape_.warm_up || step_ == shape_.contrast_until;
    if (are_weights_new_) weigh();
}

GroupResult Group::result() const {
    GroupResult out{request_.index, results_, trace_, pieces_};
    for (size_t m = 0; m < out.rows.size(); ++m) out.rows[m].text = texts_[m].complete();
    return out;
}

}  // namespace corrsynth
