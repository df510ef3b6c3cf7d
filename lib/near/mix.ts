// The hash that shingles and bands are made of.

/** A bijection of 32-bit integers in which every input bit moves about half of the output bits (multiply and xor-shift); 0..2^32 - 1. */
export function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
