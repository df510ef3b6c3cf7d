// Matrices [*, n_vocab] of raw logits that somebody else owns and nobody here writes to.
#pragma once
#include <cstddef>
#include <cstdint>

namespace corrsynth {

// Row m of a group starts at data + row_index[m] * stride. With several groups in one batch, and rows that
// move when others end, a group's rows need not lie side by side: row_index says where they are.
//
// A step may have a second matrix, of another model over the same tokens or of other layers of the same one. A row's
// source says in which of the two it lies, and its row_index is one of that matrix.
struct LogitsView {
    const float * data = nullptr;
    size_t stride = 0;                // floats from one row to the next, >= n_vocab
    int n_rows = 0;                   // of both matrices
    int n_vocab = 0;                  // tokens that both have
    const int * row_index = nullptr;  // [n_rows], or nullptr: row m is the m-th

    const float * second_data = nullptr;
    size_t second_stride = 0;
    const uint8_t * source = nullptr;  // [n_rows] 1: the row lies in the second matrix; nullptr: none does

    bool is_second(int m) const { return source && source[m] != 0; }
    const float * row(int m) const {
        const size_t index = row_index ? static_cast<size_t>(row_index[m]) : static_cast<size_t>(m);
        return is_second(m) ? second_data + index * second_stride : data + index * stride;
    }
};

}  // namespace corrsynth
