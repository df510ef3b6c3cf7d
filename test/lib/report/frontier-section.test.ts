import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../../lib/evaluate/evaluation.js";
import { frontierOf, frontierSection } from "../../../lib/report/frontier-section.js";
import { attacks } from "./evil-datasets.js";

const missing = { value: null, reason: "no gold was given" };
const reached = (accuracy: number) => ({ value: { accuracy, interval: [accuracy - 0.05, accuracy + 0.05] } });

/** @param mix  what students of rows and seeds come to: proxy, logistic. */
function dataset(
  name: string,
  bleu: number | null,
  mix: readonly [number | null, number | null],
  { n = 40, rows = 50 } = {},
) {
  const kind = (accuracy: number | null) =>
    accuracy === null
      ? missing
      : {
          value: {
            sets: {
              syntheticAndSeeds: reached(accuracy),
              synthetic: reached(accuracy - 0.1),
              goldOfSameSize: reached(0.9),
            },
          },
        };
  const evaluation = {
    sample: { n, rows: { selfBleu: { 5: bleu } }, gold: { selfBleu: { 5: 0.06 } } },
    rows: { n: rows },
    yardsticks: { proxy: kind(mix[0]), logistic: kind(mix[1]) },
    student: mix[0] === null ? missing : reached(mix[0]),
  };
  return { name, evaluation: evaluation as unknown as Evaluation };
}

const points = (datasets: ReturnType<typeof dataset>[]) => {
  const found = frontierOf(datasets);
  if ("reason" in found) return found.reason;
  return [found.y, ...found.curves.map(({ name, points: [point] }) => [name, point!.x, point!.y, point!.ys])];
};

describe("frontierOf", () => {
  it("places each set by its Self-BLEU-5 and the student that all have, and gold beside them", () => {
    expect(points([dataset("a", 0.25, [0.5, 0.75]), dataset("b", 0.5, [0.6, null])])).toEqual(
      [
        "proxy student of rows and seeds",
        ["a", 25, 50, [45, 55]],
        ["b", 50, 60, [55, 65]],
        ["gold, as many rows", 6, 90, [85, 95]],
      ].map((line) =>
        Array.isArray(line)
          ? line.map((one) => (Array.isArray(one) ? one.map((end) => expect.closeTo(end, 9) as number) : one))
          : line,
      ),
    );
    expect(points([dataset("a", 0.25, [0.5, 0.75]), dataset("b", 0.5, [0.6, 0.5])])[0]).toBe(
      "logistic student of rows and seeds",
    );
  });

  it("leaves gold out where the sets differ in their rows: as many as which of them?", () => {
    const found = points([dataset("a", 0.25, [0.5, null]), dataset("b", 0.5, [0.6, null], { rows: 60 })]);
    expect(found).toHaveLength(3);
  });

  it("says what it needs", () => {
    expect(points([dataset("a", 0.25, [0.5, 0.5]), dataset("b", 0.5, [null, null])])).toBe("no gold was given");
    expect(points([dataset("a", 0.25, [0.5, 0.5]), dataset("b", 0.5, [0.5, 0.5], { n: 41 })])).toMatch(
      /^the sets were evaluated on different/,
    );
    expect(points([dataset("a", 0.25, [0.5, 0.5]), dataset("b", null, [0.5, 0.5])])).toBe(
      "Self-BLEU-5 takes two rows of each set",
    );
  });
});

describe("frontierSection", () => {
  it("is there for two sets, with names that stay text, and for one there is none", async () => {
    const [one, two] = [dataset(`a${attacks[2]}`, 0.25, [0.5, null]), dataset("b".repeat(60), 0, [0.6, null])];
    const drawn = (await frontierSection([one, two]))!.text;
    expect(drawn).toContain("<svg");
    expect(drawn).not.toContain("<img");
    expect(drawn).toContain(`${"b".repeat(23)}…`);
    expect(drawn).not.toMatch(/NaN|Infinity/);
    expect(await frontierSection([one])).toBeNull();
    expect(await frontierSection([one, dataset("c", 0.5, [null, null])])).toBeNull();
  });
});
