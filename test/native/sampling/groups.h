// Couplings of the paper's presets for the tests: rows m of K * R, label m / R.
#pragma once
#include <cstddef>

#include "sampling/coupling.h"

namespace corrsynth_test {

// Hybrid (eqs. 11, 12). intra or cross 0 leaves that set out, which gives Cross and Intra.
inline corrsynth::Coupling hybrid_group(int n_labels, int repeat, double intra, double cross) {
    corrsynth::Coupling coupling{n_labels * repeat, {}};
    for (int m = 0; m < coupling.n_rows; ++m) {
        corrsynth::ContrastSet same{m, intra, {}}, other{m, cross, {}};
        for (int n = 0; n < coupling.n_rows; ++n) {
            if (n != m) (n / repeat == m / repeat ? same : other).members.push_back(n);
        }
        if (intra > 0) coupling.sets.push_back(same);
        if (cross > 0) coupling.sets.push_back(other);
    }
    return coupling;
}

// gamma_{m,n} as a row-major matrix.
inline std::vector<double> dense(const corrsynth::ContrastWeights & weights, int n_rows) {
    std::vector<double> matrix(static_cast<size_t>(n_rows) * n_rows, 0.0);
    for (int m = 0; m < n_rows; ++m) {
        for (const corrsynth::Partner * p = weights.begin(m); p != weights.end(m); ++p) {
            matrix[static_cast<size_t>(m) * n_rows + p->row] = p->weight;
        }
    }
    return matrix;
}

}  // namespace corrsynth_test
