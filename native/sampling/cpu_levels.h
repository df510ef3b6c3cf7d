// One addon for every x86-64 processor: the loops that take the time are compiled for several levels of it, and the
// loader takes the best. All levels give the same bits, since no multiply-add is fused but where the source says so.
#pragma once

#ifdef CORRSYNTH_CPU_LEVELS
#define CORRSYNTH_FOR_CPU_LEVELS __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
// what such a loop calls must be a part of it, or it is compiled for the lowest level alone
#define CORRSYNTH_IN_LEVEL __attribute__((always_inline)) inline
#else
#define CORRSYNTH_FOR_CPU_LEVELS
#define CORRSYNTH_IN_LEVEL inline
#endif
