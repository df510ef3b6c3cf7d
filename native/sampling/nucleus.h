// Top-p (Holtzman et al. 2020), exactly: the tokens of score >= t for the largest t whose mass reaches p of the total.
#pragma once
#include <cstdint>
#include <vector>

namespace corrsynth {

struct NucleusScratch {
    std::vector<uint64_t> masses;   // [room]
    std::vector<uint64_t> bins;     // mass by distance from the best score
    std::vector<int32_t> boundary;  // indices of the candidates in the bin where the target is reached
    std::vector<double> order;      // scores inside the nucleus, for top-k
    explicit NucleusScratch(int room = 0);
};

// Draws one of n >= 1 candidates by inverse CDF in the order given, among the nucleus of softmax(scores).
//
//   scores   [n]  finite, temperature already applied
//   top_p    (0, 1]; 1 keeps everything that has any mass
//   top_k    0 keeps the nucleus as it is; k keeps those at least as likely as its k-th best. Ties are in, both times
//   uniform  64 bits standing for u in [0, 1)
//
// Returns the index of the candidate. Masses are integers (fixed_math.h): no order of summation can change the result.
int draw_from_nucleus(const double * scores, int n, double top_p, int top_k, uint64_t uniform,
                      NucleusScratch & scratch);

}  // namespace corrsynth
