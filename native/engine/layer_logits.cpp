#include "engine/layer_logits.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "ggml.h"

namespace corrsynth {
namespace {

constexpr int kMaxOperations = 8;  // between the last layer and the logits

// The same operation with the same weights on another tensor; null where it is not one of those that are understood.
ggml_tensor * repeat(ggml_context * context, const ggml_tensor & operation, ggml_tensor * x) {
    ggml_tensor * out = nullptr;
    switch (operation.op) {
        case GGML_OP_MUL_MAT:
            out = ggml_mul_mat(context, operation.src[0], x);
            break;
        case GGML_OP_MUL:
            out = ggml_mul(context, x, operation.src[1]);
            break;
        case GGML_OP_ADD:
            out = ggml_add(context, x, operation.src[1]);
            break;
        case GGML_OP_SCALE:
            out = ggml_scale(context, x, 1);
            break;
        case GGML_OP_RMS_NORM:
            out = ggml_rms_norm(context, x, 0);
            break;
        case GGML_OP_NORM:
            out = ggml_norm(context, x, 0);
            break;
        default:
            return nullptr;
    }
    std::memcpy(out->op_params, operation.op_params, sizeof out->op_params);  // epsilon, scale, precision
    return out;
}

bool is_weight(const ggml_tensor * x) { return x && x->op == GGML_OP_NONE && !(x->flags & GGML_TENSOR_FLAG_INPUT); }

// What an operation with weights is applied to; null for any other.
ggml_tensor * input_of(const ggml_tensor & operation) {
    switch (operation.op) {
        case GGML_OP_MUL_MAT:
            return is_weight(operation.src[0]) ? operation.src[1] : nullptr;
        case GGML_OP_MUL:
        case GGML_OP_ADD:
            return is_weight(operation.src[1]) ? operation.src[0] : nullptr;
        case GGML_OP_SCALE:
        case GGML_OP_RMS_NORM:
        case GGML_OP_NORM:
            return operation.src[0];
        default:
            return nullptr;
    }
}

bool is_norm(const ggml_tensor & operation) { return operation.op == GGML_OP_RMS_NORM || operation.op == GGML_OP_NORM; }

std::string output_name(int layer) { return "l_out-" + std::to_string(layer - 1); }

}  // namespace

int LayerLogits::n_tensors() const { return 2 * static_cast<int>(layers_.size()) + kMaxOperations; }

bool LayerLogits::refuse(const std::string & why) {
    why_not_ = why;
    return false;
}

bool LayerLogits::find_last_operations(ggml_tensor * logits) {
    operations_.clear();
    ggml_tensor * at = logits;
    bool has_matrix = false;
    int last_block = 0;
    while (operations_.empty() || !is_norm(*operations_.back())) {
        if (at->op == GGML_OP_UNARY && ggml_get_unary_op(at) == GGML_UNARY_OP_TANH)
            return refuse("the model caps its logits, and an earlier layer's are not made for that");
        ggml_tensor * input = input_of(*at);
        if (!input || operations_.size() == kMaxOperations)
            return refuse(std::string("the model's logits do not come from a norm and an output matrix alone, but "
                                      "through ") +
                          ggml_op_desc(at));
        has_matrix = has_matrix || at->op == GGML_OP_MUL_MAT;
        operations_.push_back(at);
        at = input;
    }
    if (at->op == GGML_OP_GET_ROWS) at = at->src[0];
    if (has_matrix && std::sscanf(at->name, "l_out-%d", &last_block) == 1) return are_earlier(last_block + 1);
    return refuse(std::string("the model's last norm is not applied to a layer's output, but to \"") + at->name + "\"");
}

bool LayerLogits::are_earlier(int n_blocks) {
    for (const int layer : layers_) {
        if (layer < 1 || layer >= n_blocks)
            return refuse("expected layers 1 to " + std::to_string(n_blocks - 1) + ", since it has " +
                          std::to_string(n_blocks) + " blocks, received " + std::to_string(layer));
    }
    return true;
}

ggml_tensor * LayerLogits::rows_after(ggml_context * context, ggml_cgraph * graph, int layer) {
    ggml_tensor * state = ggml_graph_get_tensor(graph, output_name(layer).c_str());
    ggml_tensor * rows = ggml_graph_get_tensor(graph, "out_ids");
    ggml_tensor * tokens = ggml_graph_get_tensor(graph, "inp_tokens");
    const char * missing = !state ? "" : !rows ? "out_ids" : !tokens ? "inp_tokens" : nullptr;
    if (missing) {
        refuse("llama.cpp's graph of the model has no \"" + (state ? missing : output_name(layer)) + "\"");
        return nullptr;
    }
    // all layers but the last have every token of the batch
    if (state->ne[1] != tokens->ne[0] || state->ne[0] != ggml_nelements(state) / std::max<int64_t>(1, state->ne[1])) {
        refuse("\"" + output_name(layer) + "\" of llama.cpp's graph is not one state for each token");
        return nullptr;
    }
    return ggml_get_rows(context, state, rows);
}

void LayerLogits::add_to(ggml_context * context, ggml_cgraph * graph, ggml_tensor * logits) {
    logits_ = nullptr;
    why_not_.clear();
    if (layers_.empty() || !find_last_operations(logits)) return;
    ggml_tensor * x = nullptr;
    for (const int layer : layers_) {
        ggml_tensor * rows = rows_after(context, graph, layer);
        if (!rows) return;
        x = x ? ggml_concat(context, x, rows, /*dim=*/1) : rows;
    }
    for (auto operation = operations_.rbegin(); operation != operations_.rend(); ++operation)
        x = repeat(context, **operation, x);
    ggml_set_name(x, "layer_logits");
    ggml_set_output(x);  // else its memory is given to the next operation
    ggml_build_forward_expand(graph, x);
    logits_ = x;
}

}  // namespace corrsynth
