// Hashes of 32 bits: of words, and of numbers that are hashes already.

/**
 * A bijection of 32-bit integers in which every input bit moves about half of the output bits (multiply and xor-shift);
 * 0..2^32 - 1.
 */
export function mixBits(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * FNV-1a over the UTF-16 units of a text, as a signed integer; its lower bits are weak, so mix them or fold the upper
 * ones in.
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
