// Early exits: the logits that the model's last norm and output matrix make of the state after an earlier layer.
#pragma once
#include <string>
#include <vector>

struct ggml_cgraph;
struct ggml_context;
struct ggml_tensor;

namespace corrsynth {

// Adds operations while llama.cpp builds a graph. How to get from a state to logits is read off the graph: walking back
// from the logits through operations with weights (output matrix, scales, biases, norm) to the last layer's output, and
// applying the same ones to the states after other layers, all of them at once, so that the output matrix is read once.
//
// Layers are counted as the paper of DoLa does: layer N is the state after N blocks (llama.cpp's "l_out-(N-1)").
class LayerLogits {
  public:
    // layers: any order, each 1..blocks-1.
    explicit LayerLogits(std::vector<int> layers) : layers_(std::move(layers)) {}

    // To be called once for each graph. Where it cannot, nothing is added and why_not() says why.
    void add_to(ggml_context * context, ggml_cgraph * graph, ggml_tensor * logits);
    void forget() { logits_ = nullptr; }

    // [n_vocab, n_layers * n_outputs] float32: first all rows of the first layer, as many and in the order of the
    // model's own logits. Null where there are none; as long valid as those.
    const ggml_tensor * logits() const { return logits_; }
    const std::string & why_not() const { return why_not_; }
    const std::vector<int> & layers() const { return layers_; }

    // Tensors that add_to makes at most, for whoever reserves room for them.
    int n_tensors() const;

  private:
    bool find_last_operations(ggml_tensor * logits);
    bool are_earlier(int n_blocks);
    // The rows of the state after a layer that have logits, or null.
    ggml_tensor * rows_after(ggml_context * context, ggml_cgraph * graph, int layer);
    bool refuse(const std::string & why);

    std::vector<int> layers_;
    std::vector<const ggml_tensor *> operations_;  // from the logits back to the norm
    const ggml_tensor * logits_ = nullptr;
    std::string why_not_;
};

}  // namespace corrsynth
