import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { umap } from "../../../lib/evaluate/umap.js";
import { evaluationRandom } from "../../../lib/random.js";

const random = evaluationRandom(4, "kmeans");
const near = (axis: number) =>
  Float32Array.from({ length: 60 }, (_, d) => (d === axis ? 5 : 0) + random.below(1000) / 1000);
const three = Array.from({ length: 90 }, (_, i) => near(i % 3));

describe("umap", () => {
  it("keeps texts of one kind together: each point's nearest neighbour on the map is of its own kind", () => {
    const map = umap(three, { epochs: 100 });
    expect(map).toHaveLength(90);
    map.forEach(([x, y], i) => {
      const distances = map.map(([u, v], j) => (i === j ? Number.POSITIVE_INFINITY : Math.hypot(x - u, y - v)));
      expect(distances.indexOf(Math.min(...distances)) % 3, `point ${i}`).toBe(i % 3);
    });
  });

  it("gives the same map for the same seed and another for another", () => {
    const options = { epochs: 20 };
    const first = umap(three, options);
    expect(umap(three, options)).toEqual(first);
    expect(umap(three, { ...options, seed: 1 })).not.toEqual(first);
  });

  it("places few texts, equal texts and duplicates at finite points", async () => {
    const finite = async (embeddings: Float32Array[]) => {
      const map = umap(embeddings, { epochs: 20 });
      expect(map).toHaveLength(embeddings.length);
      expect(map.flat().every(Number.isFinite), `${embeddings.length} texts`).toBe(true);
      return map;
    };
    for (const count of [0, 1, 2, 3, 4, 5, 15, 16]) await finite(three.slice(0, count));
    expect(await finite(Array(20).fill(three[0]))).toEqual(Array(20).fill([0, 0]));
    const seventh = Float32Array.from({ length: 60 }, (_, d) => 1 / (d + 7)); // no exact mean in binary
    expect(await finite(Array(7).fill(seventh))).toEqual(Array(7).fill([0, 0]));
    await finite([...Array(20).fill(three[0]), ...Array(20).fill(three[1])]);
    await finite([...three, ...three]);
    await finite(Array.from({ length: 10 }, (_, i) => Float32Array.of(i - 5))); // one dimension
  });

  it("reports growing shares", () => {
    const shares: number[] = [];
    umap(three, { epochs: 20, onProgress: (share) => shares.push(share) });
    expect(shares.length).toBeGreaterThan(20);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  it("refuses options out of range", () => {
    for (const options of [{ neighbors: 1 }, { minDist: -1 }, { minDist: Number.NaN }, { epochs: 0 }, { seed: 0.5 }]) {
      expect(() => umap(three, options), JSON.stringify(options)).toThrow(InvalidConfigError);
    }
  });
});
