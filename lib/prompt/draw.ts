/** Which seeds each row of a label gets as in-context examples. */
import type { RandomStream } from "../random.js";

/**
 * `shots` of `poolSize` seeds for each of `repeat` rows, as indices in random order. Without replacement over all rows
 * while the pool suffices. Else no row has a seed twice and the rows have different sets for as long as there are any;
 * with fewer seeds than shots, every row has all of them.
 */
export function drawExamples(stream: RandomStream, poolSize: number, shots: number, repeat: number): number[][] {
  const rows = Array.from({ length: repeat }, (_, r) => r);
  if (shots * repeat <= poolSize) {
    const drawn = stream.sample(poolSize, shots * repeat);
    return rows.map((r) => drawn.slice(r * shots, (r + 1) * shots));
  }
  const deck = stream.sample(poolSize, poolSize);
  const size = Math.min(shots, poolSize);
  const taken = new Set<string>();
  return rows.map((r) => {
    // Dealt round and round, so that every seed is used about equally often.
    const dealt = Array.from({ length: size }, (_, i) => (r * size + i) % poolSize);
    const positions = taken.has(setKey(dealt)) ? (firstFree(poolSize, size, taken) ?? dealt) : dealt;
    taken.add(setKey(positions));
    return positions.map((position) => deck[position] as number);
  });
}

function setKey(positions: readonly number[]): string {
  return [...positions].sort((a, b) => a - b).join();
}

// The lexicographically first subset that no row has; at most as many steps as there are rows.
function firstFree(n: number, size: number, taken: ReadonlySet<string>): number[] | undefined {
  const subset = Array.from({ length: size }, (_, i) => i);
  while (taken.has(setKey(subset))) {
    let last = size - 1;
    while (last >= 0 && subset[last] === n - size + last) last--;
    if (last < 0) return undefined;
    const next = (subset[last] as number) + 1;
    for (let i = last; i < size; i++) subset[i] = next + i - last;
  }
  return subset;
}
