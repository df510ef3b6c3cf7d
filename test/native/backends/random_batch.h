// Random steps of awkward shapes: holes in the memory of the logits, rows out of order, ended rows, ties, -inf.
#pragma once
#include "backends/batch.h"

namespace corrsynth_test {

inline corrsynth::StepParams random_params(Random & random) {
    corrsynth::StepParams p;
    p.alpha = random.pick<double>({0, 1e-3, 1e-3, 1e-3, 0.1, 1, 1e-12});
    p.temperature = random.pick<double>({1, 1, 0.6, 2, 0.05});
    p.top_p = random.pick<double>({0.9, 0.9, 1, 0.3, 1e-6});
    p.top_k = random.pick<int>({0, 0, 0, 1, 40});
    p.keeps_ends = random.chance(0.5);
    p.seed = random.bits();
    return p;
}

inline BatchGroup random_group(Random & random, int n_rows) {
    BatchGroup g;
    g.n_rows = n_rows;
    g.gamma = random.pick<double>({1, 1, 0.5, 1.75});
    g.matrix.assign(static_cast<size_t>(n_rows) * n_rows, 0.0);
    const double share = random.pick<double>({0, 0.3, 1});  // how many pairs are coupled
    for (double & w : g.matrix) w = random.chance(share) ? random.uniform() / n_rows : 0.0;
    g.active.assign(n_rows, 1);
    for (uint8_t & a : g.active) a = random.chance(0.85);
    g.draws = g.active;
    if (random.chance(0.3)) g.draws[random.below(n_rows)] = 0;  // as a contrast row, which is read all the same
    contrast_weights(g.matrix.data(), g.gamma, n_rows, g.active.data(), g.weights);
    g.group = random.bits();
    g.step = static_cast<uint32_t>(random.below(1000));
    return g;
}

// quantum > 0 makes ties. Rows that are not active hold NaN: nobody may look at them.
inline Batch random_batch(Random & random, const std::vector<int> & rows_of_group, int n_vocab) {
    Batch b;
    b.n_vocab = n_vocab;
    b.offset = random.below(4);
    b.stride = n_vocab + random.pick<int>({0, 0, 1, 3, 32});
    b.params = random_params(random);
    for (const int n_rows : rows_of_group) b.groups.push_back(random_group(random, n_rows));
    const std::vector<int> places = shuffled(random, b.n_rows());
    b.logits = random_logits(random, b.offset + b.stride * b.n_rows(), random.pick<double>({0.1, 2, 3, 4, 20}),
                             random.pick<double>({0, 0, 0.25, 1}), random.pick<double>({0, 0, 0.05, 0.7}));
    b.logits.resize(b.offset + b.stride * (b.n_rows() - 1) + n_vocab);  // the last row ends where its tokens end
    for (int w = 1; w < n_vocab; ++w) {                                 // token 0 stays possible
        const double u = random.uniform() * std::max(1.0, n_vocab / 500.0);
        if (u < 0.05) b.banned.push_back(w);
        else if (u < 0.1) b.end.push_back(w);
    }
    int place = 0;
    for (size_t g = 0; g < b.groups.size(); ++g) {
        BatchGroup & group = b.groups[g];
        for (int m = 0; m < group.n_rows; ++m) {
            group.row_index.push_back(places[place++]);
            float * row = b.row(static_cast<int>(g), m);
            if (group.active[m]) row[0] = std::isinf(row[0]) ? 0.5f : row[0];
            else std::fill_n(row, n_vocab, kNan);
            if (!group.active[m] && random.chance(0.5)) group.row_index[m] = -1;  // an ended row lies nowhere
        }
    }
    return b;
}

}  // namespace corrsynth_test
