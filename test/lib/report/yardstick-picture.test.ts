import { describe, expect, it } from "vitest";
import { type YardstickSet, type Yardsticks, yardstickSets } from "../../../lib/evaluate/student-figures.js";
import { shareScale, yardstickPicture } from "../../../lib/report/yardstick-picture.js";
import { attacks } from "./evil-datasets.js";
import { parseHtml } from "./parse.js";

describe("shareScale", () => {
  const table: [name: string, shares: number[], low: number, high: number, ticks: number][] = [
    ["close values: five points apart", [0.81, 0.88], 0.8, 0.9, 3],
    ["values on a round number", [0.7, 0.8], 0.7, 0.8, 3],
    ["ten points apart", [0.42, 0.83], 0.4, 0.9, 6],
    ["twenty points apart", [0.05, 0.97], 0, 1, 6],
    ["one value", [0.5], 0.5, 0.55, 2],
    ["all right", [1], 1, 1.05, 2],
    ["an interval beyond what is possible", [0.9, 1.3], 0.9, 1, 3],
  ];
  it.each(table)("%s", (_, shares, low, high, ticks) => {
    const scale = shareScale(shares);
    expect([scale.low, scale.high]).toEqual([low, high]);
    expect(scale.ticks).toHaveLength(ticks);
    expect(scale.ticks[0]).toBe(low);
    expect(scale.ticks.at(-1)).toBeCloseTo(high, 12);
  });
});

type Given = Partial<Record<YardstickSet, readonly [accuracy: number, low: number, high: number]>>;
function series(name: string, given: Given, isSquare = false) {
  const names = Object.keys(yardstickSets) as YardstickSet[];
  const sets = Object.fromEntries(
    names.map((set) => {
      const own = given[set];
      if (own === undefined) return [set, { value: null, reason: "nobody gave them" }];
      const [accuracy, low, high] = own;
      return [set, { value: { trainRows: 1200, accuracy, interval: [low, high], perDraw: [] } }];
    }),
  ) as Yardsticks["sets"];
  const value: Yardsticks = { student: name, testRows: 50, rowsInterval: [0.5, 0.7], sets };
  return { name, colour: isSquare ? 1 : 0, isSquare, value };
}

/** Of each line of the picture: its set, and where its marks stand, in per cent. */
function lines(markup: string) {
  return [...markup.matchAll(/<tr data-set="(\w+)">.*?<\/tr>/gs)].map(([row, set]) => {
    const left = (mark: string) =>
      Number(new RegExp(`class="${mark}" style="left:([\\d.]+)%`).exec(row)?.[1] ?? Number.NaN);
    const width = Number(/width:([\d.]+)%/.exec(row)![1]);
    return {
      set,
      from: left("interval"),
      to: left("interval") + width,
      at: left("at(?: square)?"),
      base: left("base"),
    };
  });
}

const proxy: Given = {
  seeds: [0.6, 0.5, 0.7],
  synthetic: [0.5, 0.45, 0.55],
  syntheticAndSeeds: [0.7, 0.65, 0.75],
  allGold: [0.9, 0.9, 0.9],
};

describe("yardstickPicture", () => {
  it("draws every mark on one scale, from 40 to 100 %", () => {
    const drawn = lines(yardstickPicture([series("proxy", { ...proxy, allGold: [0.96, 0.94, 0.98] })]).text);
    const place = (share: number) => (100 * (share - 0.4)) / 0.6;
    const wanted = {
      seeds: [0.5, 0.6, 0.7],
      synthetic: [0.45, 0.5, 0.55],
      syntheticAndSeeds: [0.65, 0.7, 0.75],
      allGold: [0.94, 0.96, 0.98],
    };
    expect(drawn.map(({ set }) => set)).toEqual(Object.keys(wanted));
    for (const { set, from, at, to, base } of drawn) {
      const [low, accuracy, high] = wanted[set as keyof typeof wanted];
      for (const [found, share] of [
        [from, low!],
        [at, accuracy!],
        [to, high!],
        [base, 0.6],
      ] as const) {
        expect(found).toBeCloseTo(place(share), 1);
      }
    }
  });

  it("orders points as their accuracies, holds each in its interval, and all in the plot", () => {
    const two = [
      series("proxy", proxy),
      series("logistic", { seeds: [0.99, 0.9, 1.08], synthetic: [0.02, -0.1, 0.14] }, true),
    ];
    const drawn = lines(yardstickPicture(two).text);
    expect(drawn).toHaveLength(6);
    const shares = [0.6, 0.99, 0.5, 0.02, 0.7, 0.9];
    drawn.forEach(({ from, to, at }, i) => {
      for (const end of [from, to, at]) expect(end >= 0 && end <= 100.001).toBe(true);
      expect(from <= at && at <= to + 0.011).toBe(true);
      for (const [j, other] of drawn.entries()) if (shares[i]! < shares[j]!) expect(at).toBeLessThan(other.at);
    });
  });

  it("has a line for each series that has the set, under the name of the set; none for a set that nobody has", () => {
    const { text } = yardstickPicture([series(`a${attacks[2]}`, proxy), series("b", { seeds: [0.5, 0.4, 0.6] }, true)]);
    parseHtml(text);
    expect(text).not.toContain("<img");
    expect(lines(text).map(({ set }) => set)).toEqual(["seeds", "seeds", "synthetic", "syntheticAndSeeds", "allGold"]);
    const groups = [...text.matchAll(/<tr class="group"><th[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(groups).toEqual(["seeds alone", "synthetic rows", "synthetic rows and seeds", "all gold"]);
    expect(text).toContain('60.0 <span class="range">(50.0 – 70.0)</span>');
    expect(text).toContain("1,200 rows");
    expect(lines(yardstickPicture([series("b", { synthetic: [0.5, 0.4, 0.6] })]).text)[0]!.base).toBeNaN(); // no seeds, no line
  });
});
