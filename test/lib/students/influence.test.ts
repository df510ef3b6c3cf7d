import { describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { parted, pick, rowInfluence } from "../../../lib/students/influence.js";
import { LastLayer } from "../../../lib/students/last-layer.js";
import { layered } from "../../../lib/students/row-vectors.js";
import { areaUnderCurve, noisyRows } from "./noisy.js";

/** Spearman's rank correlation of lists without ties. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const ranks = (list: readonly number[]) => {
    const sorted = [...list.keys()].sort((i, j) => list[i]! - list[j]!);
    const rank = new Array<number>(list.length);
    for (const [place, i] of sorted.entries()) rank[i] = place;
    return rank;
  };
  const [ra, rb] = [ranks(a), ranks(b)];
  const squares = ra.reduce((sum, rank, i) => sum + (rank - rb[i]!) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

describe("rowInfluence", () => {
  it("ranks rows as training without each of them does", () => {
    const rows = noisyRows(60, 0.2);
    const influence = rowInfluence(rows, { seed: 3 });
    const read = layered(rows);
    const { held, learnt } = parted(read, 0.2, 3, 0);
    const shape = { labels: 2, dims: read.dims, c: 10 };
    const lossWithout = (left: number) => {
      const rest = learnt.filter((r) => r !== left);
      return new LastLayer(pick(read, rest), new Float64Array(rest.length).fill(1), shape).reverseLoss(
        pick(read, held),
      );
    };
    const whole = lossWithout(-1);
    const retrained = learnt.map((r) => lossWithout(r) - whole);
    const told = learnt.map((r) => influence[r]!);
    expect(rankCorrelation(told, retrained)).toBeGreaterThan(0.95);
  });

  it("is the slope by which the held-out loss changes with a row's weight", () => {
    const rows = noisyRows(40, 0.2);
    const read = layered(rows);
    const { held, learnt } = parted(read, 0.2, 3, 0);
    const shape = { labels: 2, dims: read.dims, c: 10, tolerance: 1e-10 };
    const layerOf = (changed: number, by: number) => {
      const weights = Float64Array.from(learnt, (_, i) => 1 + (i === changed ? by : 0));
      return new LastLayer(pick(read, learnt), weights, shape);
    };
    const slopes = layerOf(0, 0).slopes(pick(read, held));
    for (const i of [0, 7, 19, learnt.length - 1]) {
      const loss = (by: number) => layerOf(i, by).reverseLoss(pick(read, held));
      const measured = (loss(0.01) - loss(-0.01)) / 0.02;
      expect(slopes[i]! / measured).toBeGreaterThan(0.85); // the damping takes some percent
      expect(slopes[i]! / measured).toBeLessThan(1.15);
    }
  });

  it("is null of rows that are held out, and of every label some of both", () => {
    const rows = noisyRows(40, 0);
    const influence = rowInfluence(rows, { heldOut: 0.25, seed: 1 });
    for (const label of ["sports", "business"]) {
      const own = influence.filter((_, r) => rows[r]!.label === label);
      expect(own.filter((value) => value === null).length).toBe(5);
    }
  });

  it("is below that of others for rows of a wrong label, and of no row by its weight 0", () => {
    const rows = noisyRows(200, 0.2).map((row, r) => ({ ...row, weight: r === 0 ? 0 : 1 }));
    const influence = rowInfluence(rows);
    const there = rows.filter((_, r) => influence[r] !== null);
    expect(influence[0]).toBeNull();
    expect(
      areaUnderCurve(
        there,
        influence.filter((value) => value !== null),
      ),
    ).toBeGreaterThan(0.8);
  });

  it("reads vectors where all rows have one, and is the same twice", () => {
    const rows = noisyRows(40, 0.2).map((row, r) => ({
      ...row,
      vector: Float32Array.of(row.label === "sports" ? 1 : -1, (r % 7) / 7),
    }));
    expect(rowInfluence(rows, { seed: 5 })).toEqual(rowInfluence(rows, { seed: 5 }));
    expect(rowInfluence(rows, { seed: 5 })).not.toEqual(rowInfluence(rows, { seed: 6 }));
    expect(rowInfluence(rows)).not.toEqual(rowInfluence(rows.map(({ vector: _, ...row }) => row)));
  });

  it("refuses what it cannot work with", () => {
    const rows = noisyRows(8, 0);
    const table: [run: () => unknown, message: RegExp][] = [
      [() => rowInfluence(rows.slice(0, 3)), /Expected at least four rows of a weight above 0.*received 3/],
      [() => rowInfluence(rows, { heldOut: 1 }), /heldOut: Expected a share above 0 and below 1, received 1/],
      [() => rowInfluence(rows, { c: 0 }), /c: Expected a number above 0, received 0/],
      [() => rowInfluence(rows, { seed: -1 }), /seed: Expected an integer/],
      [() => rowInfluence([...rows, { label: "sports" }]), /rows\[8\]: Expected a text, or a vector in every row/],
      [() => rowInfluence(rows, { labels: ["sports"] }), /Unknown label "business"/],
    ];
    for (const [run, message] of table) {
      expect(run).toThrow(InvalidConfigError);
      expect(run).toThrow(message);
    }
  });
});
