// Random numbers of the programs that break things: the same for the same seed, so that a failure can be had again.

/** mulberry32: numbers from 0 up to 1, 1 left out. */
export function fractionsFrom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Integers from 0 to n - 1. */
export function integersFrom(seed) {
  const random = fractionsFrom(seed);
  return (n) => Math.floor(random() * n);
}
