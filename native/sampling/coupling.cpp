#include "sampling/coupling.h"

#include <algorithm>

namespace corrsynth {
namespace {

struct Entry {
    int row;
    Partner partner;
};

// Sorts the entries by (row, partner), adds up what stands for one pair, and lays them out by rows.
void lay_out(std::vector<Entry> & entries, int n_rows, ContrastWeights & out) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry & a, const Entry & b) {
        return a.row != b.row ? a.row < b.row : a.partner.row < b.partner.row;
    });
    out.partners.clear();
    out.first.assign(n_rows + 1, 0);
    int previous = -1;
    for (const Entry & e : entries) {
        if (e.row == previous && out.partners.back().row == e.partner.row) {
            out.partners.back().weight += e.partner.weight;
            continue;
        }
        out.partners.push_back(e.partner);
        out.first[e.row + 1]++;
        previous = e.row;
    }
    for (int m = 0; m < n_rows; ++m) out.first[m + 1] += out.first[m];
}

// Takes what the missing partners of a row would have taken.
void take_missing(std::vector<double> & own, int row, double gamma, double weight) {
    own[row] = std::max(std::min(gamma, 1.0), own[row] - weight);
}

// Gives the members of a mixed-in set their share of what gamma the row has.
void mix_in(const ContrastSet & set, const uint8_t * active, std::vector<double> & own, std::vector<Entry> & entries) {
    const auto n = std::count_if(set.members.begin(), set.members.end(), [&](int m) { return active[m] != 0; });
    if (n == 0) return;
    const double gamma = own[set.row];
    own[set.row] = gamma * (1 + set.total);
    for (const int m : set.members) {
        if (active[m]) entries.push_back({set.row, {m, gamma * set.total / static_cast<double>(n)}});
    }
}

}  // namespace

void contrast_weights(const Coupling & coupling, const uint8_t * active, ContrastWeights & out) {
    std::vector<Entry> entries;
    out.own.assign(coupling.n_rows, coupling.gamma);
    out.empty_sets.assign(coupling.n_rows, 0);
    for (const ContrastSet & set : coupling.sets) {
        if (!active[set.row]) continue;
        const auto n = std::count_if(set.members.begin(), set.members.end(), [&](int m) { return active[m] != 0; });
        if (n == 0) out.empty_sets[set.row]++;
        if (set.total < 0) continue;
        if (n == 0) take_missing(out.own, set.row, coupling.gamma, set.total);
        for (const int m : set.members) {
            if (active[m]) entries.push_back({set.row, {m, set.total / static_cast<double>(n)}});
        }
    }
    for (const ContrastSet & set : coupling.sets) {
        if (set.total < 0 && active[set.row]) mix_in(set, active, out.own, entries);
    }
    lay_out(entries, coupling.n_rows, out);
}

void contrast_weights(const double * matrix, double gamma, int n_rows, const uint8_t * active, ContrastWeights & out) {
    std::vector<Entry> entries;
    out.own.assign(n_rows, gamma);
    out.empty_sets.assign(n_rows, 0);
    for (int m = 0; m < n_rows; ++m) {
        for (int n = 0; n < n_rows; ++n) {
            const double weight = matrix[static_cast<size_t>(m) * n_rows + n];
            if (m == n || !active[m] || weight == 0) continue;
            if (active[n]) entries.push_back({m, {n, weight}});
            else take_missing(out.own, m, gamma, weight);
        }
    }
    lay_out(entries, n_rows, out);
}

void no_contrast(const Coupling & coupling, ContrastWeights & out) {
    std::vector<Entry> none;
    out.own.assign(coupling.n_rows, coupling.gamma);
    out.empty_sets.assign(coupling.n_rows, 0);
    for (const ContrastSet & set : coupling.sets)
        take_missing(out.own, set.row, coupling.gamma, std::max(set.total, 0.0));
    lay_out(none, coupling.n_rows, out);
}

}  // namespace corrsynth
