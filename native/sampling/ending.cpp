#include "sampling/ending.h"

#include <algorithm>

#include "sampling/cpu_levels.h"
#include "sampling/fixed_math.h"

namespace corrsynth {
namespace {

CORRSYNTH_FOR_CPU_LEVELS
uint64_t mass_of(const float * own, float best, const int32_t * tokens, int n) {
    uint64_t total = 0;
    for (int i = 0; i < n; ++i) total += mass(own[tokens[i]], best);
    return total;
}

}  // namespace

int32_t draw_ending(const float * own, float best, const TokenMask & mask, uint64_t uniform, int32_t * tokens,
                    int & n) {
    int32_t likeliest = -1;
    uint64_t ending = 0;
    for (int i = 0; i < n; ++i) {
        const int32_t token = tokens[i];
        if (!mask.is_end(token)) continue;
        ending += mass(own[token], best);
        if (likeliest < 0 || own[token] > own[likeliest]) likeliest = token;
    }
    if (likeliest < 0) return -1;
    // floor(u * all) is below all, so that a row whose mass is all on end tokens ends
    if (multiply_high(uniform, mass_of(own, best, tokens, n)) < ending) return likeliest;
    n = static_cast<int>(std::remove_if(tokens, tokens + n, [&](int32_t w) { return mask.is_end(w); }) - tokens);
    return -1;
}

}  // namespace corrsynth
