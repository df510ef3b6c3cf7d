// ln of a sum of exponentials, as fast as float32 goes: for reporting, not for drawing, which must not depend on the
// machine (log_partition.h).
#pragma once

namespace corrsynth {

// ln sum_i exp(x_i) over x[0..n-1], n >= 1, off by less than 1e-6. The exponentials are float32, their sum is float64.
// NaN where an x is NaN or +inf; -inf where all are.
double log_sum_exp(const float * x, int n);

}  // namespace corrsynth
