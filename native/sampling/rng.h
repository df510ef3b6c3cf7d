// Counter-based random numbers: Philox4x32-10 (Salmon et al., SC 2011). Nothing is carried from one draw to the next,
// so a draw depends on (seed, group, row, step) alone and on no order of execution.
#pragma once
#include <cstdint>

#include "sampling/fixed_math.h"  // CORRSYNTH_HD

namespace corrsynth {

struct Philox {
    uint32_t word[4];
};

CORRSYNTH_HD inline Philox philox4x32_10(Philox counter, uint32_t key0, uint32_t key1) {
    for (int round = 0; round < 10; ++round) {
        const uint64_t p0 = uint64_t{0xD2511F53u} * counter.word[0];
        const uint64_t p1 = uint64_t{0xCD9E8D57u} * counter.word[2];
        counter = {{static_cast<uint32_t>(p1 >> 32) ^ counter.word[1] ^ key0, static_cast<uint32_t>(p1),
                    static_cast<uint32_t>(p0 >> 32) ^ counter.word[3] ^ key1, static_cast<uint32_t>(p0)}};
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return counter;
}

// The words of a row at a step: two for the draw of a token, two for that of its ending.
CORRSYNTH_HD inline Philox row_words(uint64_t seed, uint64_t group, uint32_t row, uint32_t step) {
    const Philox counter{{step, row, static_cast<uint32_t>(group), static_cast<uint32_t>(group >> 32)}};
    return philox4x32_10(counter, static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
}

// The one uniform number of a draw, as 64 bits: u = word1 * 2^32 + word0.
CORRSYNTH_HD inline uint64_t uniform_bits(uint64_t seed, uint64_t group, uint32_t row, uint32_t step) {
    const Philox out = row_words(seed, group, row, step);
    return (uint64_t{out.word[1]} << 32) | out.word[0];
}

// The number that decides whether the row ends, where that is drawn by itself: u = word3 * 2^32 + word2.
CORRSYNTH_HD inline uint64_t ending_bits(uint64_t seed, uint64_t group, uint32_t row, uint32_t step) {
    const Philox out = row_words(seed, group, row, step);
    return (uint64_t{out.word[3]} << 32) | out.word[2];
}

}  // namespace corrsynth
