import { describe, expect, it } from "vitest";
import { overlap, placeLabels } from "../../../lib/report/place-labels.js";

const size = { width: 640, height: 400 };

describe("placeLabels", () => {
  it("lets no label cover another, a point, or the edge, where points crowd", () => {
    // three curves that run into each other, in the middle and in a corner
    for (const [left, top] of [
      [320, 200],
      [4, 4],
    ] as const) {
      const points = Array.from({ length: 15 }, (_, i) => ({
        ...{ x: left + (i % 5) * 26, y: top + (i % 5) * 18 + Math.floor(i / 5) * 24 },
        text: ["0.65", "1.15", "0.9", "2", "0.3"][i % 5]!,
      }));
      const boxes = placeLabels(points, size);
      expect(boxes).toHaveLength(15);
      boxes.forEach((box, i) => {
        for (const other of boxes.slice(0, i)) expect(overlap(box, other)).toBe(false);
        points.forEach(({ x, y }, p) => {
          if (p !== i) expect(overlap(box, { x, y, width: 6, height: 6 })).toBe(false);
        });
        expect(box.x - box.width / 2).toBeGreaterThan(0);
        expect(box.y - box.height / 2).toBeGreaterThan(0);
      });
    }
  });

  it("puts a lone label right beside its point, and off its line", () => {
    const [box] = placeLabels([{ x: 100, y: 100, text: "1" }], size, [[0, 100, 640, 100]]);
    expect(Math.hypot(box!.x - 100, box!.y - 100)).toBeLessThan(16);
    expect(Math.abs(box!.y - 100)).toBeGreaterThanOrEqual(box!.height / 2);
  });
});
