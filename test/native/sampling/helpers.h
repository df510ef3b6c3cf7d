// Inputs and yardsticks that the tests of the sampling layer share.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace corrsynth_test {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// SplitMix64: the same numbers with every standard library, and no relation to the generator under test.
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}

    uint64_t bits() {
        uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }          // [0, 1)
    int below(int n) { return static_cast<int>(bits() % static_cast<uint64_t>(n)); }  // 0 .. n - 1
    bool chance(double p) { return uniform() < p; }
    template <class T>
    T pick(const std::vector<T> & choices) {
        return choices[below(static_cast<int>(choices.size()))];
    }
    // Sum of four uniforms, scaled to a standard deviation of 1: bell-shaped enough for logits, and cheap.
    double bell() { return (uniform() + uniform() + uniform() + uniform() - 2.0) * 1.7320508075688772; }

  private:
    uint64_t state_;
};

inline std::vector<int> shuffled(Random & random, int n) {
    std::vector<int> out(n);
    std::iota(out.begin(), out.end(), 0);
    for (int i = n - 1; i > 0; --i) std::swap(out[i], out[random.below(i + 1)]);
    return out;
}

// Rows of bell-shaped logits with standard deviation spread. quantum > 0 rounds them to its multiples, which makes
// ties; minus_infinity is the share of tokens that get -inf.
inline std::vector<float> random_logits(Random & random, size_t count, double spread, double quantum = 0,
                                        double minus_infinity = 0) {
    std::vector<float> logits(count);
    for (float & l : logits) {
        double value = random.bell() * spread;
        if (quantum > 0) value = std::round(value / quantum) * quantum;
        l = random.chance(minus_infinity) ? -kInfinity : static_cast<float>(value);
    }
    return logits;
}

inline std::vector<double> softmax(const std::vector<double> & scores) {
    const double best = *std::max_element(scores.begin(), scores.end());
    std::vector<double> probs;
    for (const double s : scores) probs.push_back(std::exp(s - best));
    const double total = std::accumulate(probs.begin(), probs.end(), 0.0);
    for (double & p : probs) p /= total;
    return probs;
}

// Pearson's statistic of counted draws against probabilities; df is the number of tokens that can occur, less one.
struct ChiSquare {
    double statistic = 0;
    int df = -1;
    bool impossible_drawn = false;  // a token of probability 0 was drawn
};

inline ChiSquare chi_square(const std::vector<int> & counts, const std::vector<double> & probs) {
    double n = 0;
    for (const int c : counts) n += c;
    ChiSquare out;
    for (size_t w = 0; w < counts.size(); ++w) {
        if (probs[w] == 0) {
            out.impossible_drawn |= counts[w] > 0;
            continue;
        }
        const double expected = n * probs[w];
        out.statistic += (counts[w] - expected) * (counts[w] - expected) / expected;
        out.df++;
    }
    return out;
}

// Statistic that a correct sampler exceeds about once in 10^6 seeds (Wilson and Hilferty's approximation, z = 4.75).
inline double chi_square_limit(int df) {
    if (df == 0) return 0;  // one token alone can occur
    const double a = 2.0 / (9.0 * df);
    return df * std::pow(1.0 - a + 4.75 * std::sqrt(a), 3);
}

}  // namespace corrsynth_test
