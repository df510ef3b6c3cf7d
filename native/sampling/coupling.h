// How strongly each row of a group is contrasted with the others (eqs. 3, 7, 10-12), for a given set of active rows.
#pragma once
#include <cstdint>
#include <vector>

namespace corrsynth {

// One row's contrast with a set of rows: total is shared equally by the members that are still active, and is 0 when
// none is. Every preset is a list of these; a matrix gamma_{m,n} is one set of one member for each of its entries,
// so that a partner's end takes its weight away and leaves the others as given.
//
// Below 0 the total says that the members are mixed in, as a guide's logits are: with w = -total, in (0, 1], the row's
// own distribution is replaced by p^(1-w) b^w (the members' mean, where there are several), and that is what gamma
// raises:
//
//     gamma ((1 - w) l_m + w b_m) - sum_n gamma_mn l_n
//
// A guide that says what the row says so changes nothing, whatever gamma is, and it pays for no contrast. A row has one
// such set at most.
struct ContrastSet {
    int row = 0;
    double total = 0;          // > 0; in [-1, 0) where the members are mixed in
    std::vector<int> members;  // rows of the group, never row itself
};

struct Coupling {
    int n_rows = 0;
    std::vector<ContrastSet> sets;
    double gamma = 1;  // exponent on a row's own distribution, > 0
};

struct Partner {
    int row;
    double weight;  // gamma_{m,n}, as a ContrastSet's total not 0
};

// The matrix gamma_{m,n} of one step, by rows: the partners of row m are partners[first[m]] .. partners[first[m + 1] -
// 1], in ascending order of row, the order in which their logits are subtracted.
struct ContrastWeights {
    std::vector<Partner> partners;
    std::vector<int> first;           // [n_rows + 1]
    std::vector<double> own;          // [n_rows] exponent on the row's own distribution
    std::vector<uint8_t> empty_sets;  // [n_rows] contrast sets of the row that have no active member
    const Partner * begin(int row) const { return partners.data() + first[row]; }
    const Partner * end(int row) const { return partners.data() + first[row + 1]; }
};

// Weights while exactly the rows with active[n] != 0 run. Ended rows have no partners and are nobody's partner.
//
// A mixed-in member has the weight -w gamma, and (1 - w) gamma is left for the row, with the gamma that its missing
// partners leave it.
//
// What gamma holds above 1 is there to pay for the contrast (gamma = 1 + total: nothing common is heated). Where
// partners are missing it falls by what they would have taken, to 1 at the least, so that the row is not sharpened in
// their place; a gamma of at most 1 stays.
void contrast_weights(const Coupling & coupling, const uint8_t * active, ContrastWeights & out);

// The same from a dense row-major matrix [n_rows, n_rows]; its diagonal and the rows of ended rows are not read.
void contrast_weights(const double * matrix, double gamma, int n_rows, const uint8_t * active, ContrastWeights & out);

// No contrast for any row, whatever its partners do.
void no_contrast(const Coupling & coupling, ContrastWeights & out);

}  // namespace corrsynth
