// A step allocates nothing: its working memory was made once. Counted by replacing operator new for the whole program.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "sampling/groups.h"
#include "sampling/step_case.h"

namespace {

std::atomic<long> n_allocations{0};

void * counted_or_null(size_t size) {
    ++n_allocations;
    return std::malloc(size ? size : 1);
}

void * counted(size_t size) {
    if (void * memory = counted_or_null(size)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void * operator new(size_t size) { return counted(size); }
void * operator new[](size_t size) { return counted(size); }
void * operator new(size_t size, const std::nothrow_t &) noexcept { return counted_or_null(size); }
void * operator new[](size_t size, const std::nothrow_t &) noexcept { return counted_or_null(size); }
void operator delete(void * memory) noexcept { std::free(memory); }
void operator delete[](void * memory) noexcept { std::free(memory); }
void operator delete(void * memory, size_t) noexcept { std::free(memory); }
void operator delete[](void * memory, size_t) noexcept { std::free(memory); }

using namespace corrsynth;
using namespace corrsynth_test;

TEST_CASE(
    "a step allocates nothing, masked or over the whole vocabulary, with or without top-k, kept ends and "
    "log-probabilities") {
    Random random(5);
    StepCase c(8, 5000, random_logits(random, 8 * 5000, 3));
    c.couple_all(0.5);
    std::vector<int32_t> end(1000);
    std::iota(end.begin(), end.end(), 4000);
    c.mask = TokenMask(c.n_vocab, {}, end);
    ContrastWeights weights;
    contrast_weights(c.matrix.data(), c.gamma, c.n_rows, c.active.data(), weights);
    StepScratch scratch(c.n_rows, c.n_vocab);
    std::vector<int32_t> tokens(c.n_rows);
    std::vector<double> log_probs(c.n_rows);
    for (const double alpha : {1e-3, 0.0}) {
        for (const int top_k : {0, 5}) {
            c.params.alpha = alpha;
            c.params.top_k = top_k;
            c.params.keeps_ends = top_k > 0;
            for (double * out : {static_cast<double *>(nullptr), log_probs.data()}) {
                const long before = n_allocations;
                CHECK(before > 0);  // the counter counts
                const StepResult result = sample_step(c.params, c.mask, {c.view(), &weights, c.active.data(), 0, 1},
                                                      scratch, tokens.data(), out);
                CHECK(n_allocations == before);
                CHECK(result.status == StepStatus::kOk);
            }
        }
    }
}

TEST_CASE("nor does a step that chooses layers") {
    Random random(6);
    const int n_rows = 4, n_layers = 3, n_vocab = 2000;
    StepCase c(2 * n_rows, n_vocab, random_logits(random, static_cast<size_t>(n_rows) * n_vocab, 3));
    const std::vector<float> early = random_logits(random, static_cast<size_t>(n_layers) * n_rows * n_vocab, 3);
    const std::vector<int> index = {0, 1, 2, 3, 0, 1, 2, 3};
    const std::vector<uint8_t> source = {0, 0, 0, 0, 1, 1, 1, 1}, draws = {1, 1, 1, 1, 0, 0, 0, 0};
    for (int m = 0; m < n_rows; ++m) c.weight(m, n_rows + m) = 1;
    ContrastWeights weights;
    contrast_weights(c.matrix.data(), c.gamma, c.n_rows, c.active.data(), weights);
    StepInput input;
    input.logits = {c.logits.data(), n_vocab, c.n_rows, n_vocab, index.data(), early.data(), n_vocab, source.data()};
    input.weights = &weights;
    input.draws = draws.data();
    input.n_layers = n_layers;
    input.layer_rows = n_rows;
    StepScratch scratch(c.n_rows, n_vocab);
    std::vector<int32_t> tokens(c.n_rows);
    const long before = n_allocations;
    CHECK(sample_step(c.params, c.mask, input, scratch, tokens.data(), nullptr).status == StepStatus::kOk);
    CHECK(n_allocations == before);
}
