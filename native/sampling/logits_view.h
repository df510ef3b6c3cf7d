// A [n_rows, n_vocab] matrix of raw logits that somebody else owns and nobody here writes to.
#pragma once
#include <cstddef>

namespace corrsynth {

// Row m of a group starts at data + row_index[m] * stride. With several groups in one batch, and rows that
// move when others end, a group's rows need not lie side by side: row_index says where they are.
struct LogitsView {
    const float * data = nullptr;
    size_t stride = 0;  // floats from one row to the next, >= n_vocab
    int n_rows = 0;
    int n_vocab = 0;
    const int * row_index = nullptr;  // [n_rows], or nullptr: row m is the m-th

    const float * row(int m) const {
        return data + (row_index ? static_cast<size_t>(row_index[m]) : static_cast<size_t>(m)) * stride;
    }
};

}  // namespace corrsynth
