// Parts of a step that its trace goes through as well.
#pragma once
#include "sampling/sample_step.h"

namespace corrsynth {

// The step's rows, those of the second matrix in the layers that are chosen for them; row_index is their memory,
// [n_rows].
LogitsView with_layers(const StepInput & input, int * row_index);

// s / T, up to the constant max s / T: measured from the best score, so that no temperature can overflow it.
void heat(double * scores, int n, double temperature);

}  // namespace corrsynth
