// Early exits: what llama.cpp computes for a layer is what a model that ends there computes as its logits.
#include "engine/layer_logits.h"

#include <doctest/doctest.h>

#include "engine/context.h"
#include "engine/error.h"
#include "engine/random_llama.h"

using namespace corrsynth;
using namespace corrsynth_test;

namespace {

const std::atomic<bool> kNever{false};

// Rows of other lengths, the first one longer than a batch of a prompt.
const std::vector<std::vector<int32_t>> kRows = {
    {1, 5, 9, 2, 30, 21, 7, 7, 12, 3, 18, 4}, {8, 8, 1}, {17, 2, 33, 25, 6}, {11, 38}};

ContextOptions options_for(const std::vector<int> & layers, int n_slots = 4, int n_graph = 0) {
    ContextOptions options;
    options.n_slots = n_slots;
    options.n_stored = 1;
    options.slot_size = 256;
    options.n_batch = 5;
    options.kv_type = "f32";
    options.n_graph = n_graph;
    options.layers = layers;
    return options;
}

struct Rows {
    Context context;
    std::vector<std::vector<int32_t>> tokens;  // by slot

    Rows(const RandomLlama & llama, const std::vector<int> & layers)
        : context(load(llama), options_for(layers), kNever), tokens(kRows) {
        for (size_t slot = 0; slot < tokens.size(); ++slot) {
            context.prefill(static_cast<int>(slot), tokens[slot].data(), 0, static_cast<int>(tokens[slot].size()) - 1);
        }
    }

    StepLogits step() {
        std::vector<int32_t> last, positions;
        for (const auto & row : tokens) {
            last.push_back(row.back());
            positions.push_back(static_cast<int32_t>(row.size()) - 1);
        }
        return context.step(last.data(), positions.data(), static_cast<int>(tokens.size()));
    }
    void append(int32_t token) {
        for (auto & row : tokens) row.push_back(token++);
    }
    // The last row moves into the first slot, as where the first one ended.
    void end_first() {
        context.move(static_cast<int>(tokens.size()) - 1, 0);
        tokens.front() = tokens.back();
        tokens.pop_back();
    }
};

void check_equal(const LogitsView & got, int first, const LogitsView & expected, int n) {
    REQUIRE(got.n_rows >= first + n);
    REQUIRE(expected.n_rows == n);
    for (int m = 0; m < n; ++m) {
        for (int w = 0; w < kRandomVocab; ++w) {
            CAPTURE(m);
            CAPTURE(w);
            REQUIRE(std::fabs(got.row(first + m)[w] - expected.row(m)[w]) < 1e-5);
        }
    }
}

std::string refusal(const RandomLlama & llama, const std::vector<int> & layers) {
    try {
        const Context context(load(llama), options_for(layers), kNever);
    } catch (const EngineError & error) {
        CHECK(std::string(to_string(error.code())) == "LAYERS");
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a layer's logits are those of the model cut after it, whatever layers are asked for and rows move") {
    struct Case {
        RandomLlama llama;
        std::vector<int> layers;
    };
    const std::vector<Case> cases = {
        {{}, {2}},
        {{}, {1, 2, 3, 4, 5}},
        {{}, {4, 2}},
        {{"llama", 6, /*has_output=*/false, {}}, {2, 4}},
        {{"granite", 6, true, {{"logit_scale", 3}, {"residual_scale", 0.5f}}}, {1, 3}},
        {{"phi2", 6, true, {}}, {2, 4}},  // with biases of norm and output
    };
    for (const Case & item : cases) {
        CAPTURE(item.llama.architecture);
        Rows whole(item.llama, item.layers), none(item.llama, {});
        std::vector<std::unique_ptr<Rows>> cut;
        for (const int layer : item.layers) {
            RandomLlama llama = item.llama;
            llama.n_blocks = layer;
            cut.push_back(std::make_unique<Rows>(llama, std::vector<int>{}));
        }
        for (int round = 0; round < 4; ++round) {
            CAPTURE(round);
            const StepLogits got = whole.step();
            const int n = static_cast<int>(whole.tokens.size());
            check_equal(got.host, 0, none.step().host, n);
            REQUIRE(got.second);
            REQUIRE(got.second->host.n_rows == n * static_cast<int>(item.layers.size()));
            for (size_t i = 0; i < cut.size(); ++i) {
                CAPTURE(item.layers[i]);
                check_equal(got.second->host, static_cast<int>(i) * n, cut[i]->step().host, n);
            }
            std::vector<Rows *> all = {&whole, &none};
            for (const auto & rows : cut) all.push_back(rows.get());
            for (Rows * rows : all) {
                rows->append(round + 3);
                if (round == 1) rows->end_first();
            }
        }
    }
}

TEST_CASE("a step without layers has no second matrix") {
    Rows rows({}, {});
    CHECK(rows.step().second == nullptr);
}

TEST_CASE("as many layers as a model has are asked for at once") {
    RandomLlama llama;
    llama.n_blocks = 40;
    std::vector<int> layers;
    for (int layer = 1; layer < 40; ++layer) layers.push_back(layer);
    Rows rows(llama, layers);
    CHECK(rows.step().second->host.n_rows == 39 * 4);
}

TEST_CASE("a model whose layers cannot be read is refused with the reason") {
    CHECK(refusal({"gemma2", 4, false, {{"final_logit_softcapping", 30}}}, {2}) ==
          "The layers of this model cannot be read: the model caps its logits, and an earlier layer's are not made for "
          "that");
    for (const int layer : {-1, 0, 6, 7}) {
        CHECK(refusal({}, {2, layer}) ==
              "The layers of this model cannot be read: expected layers 1 to 5, since it has 6 blocks, received " +
                  std::to_string(layer));
    }
}

TEST_CASE("a step that llama.cpp splits has no layers") {
    const auto model = load({});
    Context context(model, options_for({2}, 4, /*n_graph=*/1), kNever);
    const std::vector<int32_t> tokens = {3, 4, 5}, positions = {0, 0, 0};
    try {
        context.step(tokens.data(), positions.data(), 3);
        FAIL("it had them");
    } catch (const EngineError & error) {
        CHECK(std::string(error.what()) ==
              "The layers of this model cannot be read: llama.cpp computed 1 of 3 rows of "
              "logits together");
    }
}
