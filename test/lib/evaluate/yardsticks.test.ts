import { describe, expect, it } from "vitest";
import {
  half,
  halved,
  intervalAround,
  proxyKind,
  type StudentKind,
  testStudents,
} from "../../../lib/evaluate/drawn-students.js";
import { labelFidelity } from "../../../lib/evaluate/label-fidelity.js";
import { repeated, yardsticks } from "../../../lib/evaluate/yardsticks.js";
import { evaluationRandom } from "../../../lib/random.js";

const row = (input: string, label: string) => ({ input, label });

/** Says of a text what most of its rows said in training (of none: the first label), so that all figures follow by hand. */
const memory: StudentKind<string> = {
  name: "memory: exact texts",
  orders: 1,
  train: (rows, { labels }) => ({
    labels,
    probabilities: (inputs) =>
      inputs.map((text) =>
        Float64Array.from(labels, (label, k) => {
          const votes = rows.filter((own) => own.input === text && own.label === label);
          return votes.reduce((sum, { weight = 1 }) => sum + weight, 0) + (k === 0 ? 0.001 : 0);
        }),
      ),
  }),
};

const stage = () => () => undefined;
const options = { labels: ["x", "y"], seed: 3 };
// gold has four texts; who knows none of y's says x
const gold = [row("p", "x"), row("q", "x"), row("r", "y"), row("s", "y")];
const seeds = [row("r", "y")];
const data = [row("s", "y"), row("p", "x"), row("q", "y")];
const goldTrain = [row("p", "x"), row("q", "x"), row("r", "y"), row("s", "y"), row("t", "y")];

function measured(parts: Partial<Parameters<typeof yardsticks<string>>[0]["parts"]>) {
  const found = yardsticks({ kind: memory, parts: { data, seeds, goldTrain, gold, ...parts } }, options, stage);
  if (found.value === null) throw new Error(found.reason);
  return found.value;
}

describe("yardsticks", () => {
  it("train students on seeds, rows, both and gold, as worked out by hand", () => {
    const { sets, testRows, student } = measured({});
    expect([testRows, student]).toEqual([4, "memory: exact texts"]);
    const table = Object.entries(sets).map(([set, { value }]) => [set, value?.trainRows, value?.accuracy]);
    expect(table).toEqual([
      ["seeds", 1, 3 / 4], // p q: x by default, r known; s is not
      ["seedsRepeated", 3, 3 / 4], // the one seed three times
      ["synthetic", 3, 2 / 4], // p s right, q is taught wrongly, r unknown
      ["syntheticAndSeeds", 4, 3 / 4],
      ["goldOfSameSize", 3, sets.goldOfSameSize.value!.perDraw.reduce((a, b) => a + b) / 5],
      ["allGold", 5, 1],
    ]);
    // one of two x, two of three y: t teaches nothing of gold
    for (const accuracy of sets.goldOfSameSize.value!.perDraw) expect([3 / 4, 1]).toContain(accuracy);
  });

  it("have a range by five draws of half of each label: of a label that has one row it stays", () => {
    // of y one of s, which is right, and q, which is taught wrongly; p is x anyhow
    const { seeds: one, synthetic } = measured({}).sets;
    expect(one.value).toMatchObject({ perDraw: Array(5).fill(3 / 4), interval: [3 / 4, 3 / 4] });
    for (const accuracy of synthetic.value!.perDraw) expect([1 / 4, 3 / 4]).toContain(accuracy);
    expect(synthetic.value!.interval).toEqual(intervalAround(2 / 4, synthetic.value!.perDraw));
  });

  it("are the same for the same seed", () => {
    expect(measured({})).toEqual(measured({}));
  });

  it("say why a set is not there", () => {
    const without = measured({ seeds: null, goldTrain: null }).sets;
    for (const set of ["seeds", "seedsRepeated", "syntheticAndSeeds"] as const)
      expect(without[set]).toEqual({ value: null, reason: expect.stringContaining("--seeds FILE") });
    for (const set of ["goldOfSameSize", "allGold"] as const)
      expect(without[set]).toEqual({ value: null, reason: expect.stringContaining("--gold-train FILE") });
    expect(without.synthetic.value!.accuracy).toBe(2 / 4);
    const few = measured({ goldTrain: goldTrain.slice(0, 2) }).sets;
    expect(few.goldOfSameSize).toEqual({ value: null, reason: "gold to train on has 2 rows, and the set has 3" });
    expect(few.allGold.value!.trainRows).toBe(2);
    const whole = { data, seeds, goldTrain, gold: null };
    const many = measured({ seeds: [...seeds, ...gold] }).sets;
    expect(many.seedsRepeated).toEqual({ value: null, reason: "there are 5 seeds, no fewer than the 3 rows" });
    expect(yardsticks({ kind: memory, parts: whole }, options, stage)).toMatchObject({
      value: null,
      reason: expect.stringContaining("--gold FILE"),
    });
    for (const parts of [
      { ...whole, gold: [] },
      { ...whole, gold, data: [] },
    ])
      expect(yardsticks({ kind: memory, parts }, options, stage)).toMatchObject({ value: null });
    expect(yardsticks({ kind: memory, parts: { ...whole, gold } }, { ...options, labels: ["x"] }, stage)).toMatchObject(
      {
        value: null,
      },
    );
  });

  it("count rows by their weight", () => {
    // q is taught as y with weight 1 and as x with weight 2
    const weighted = [...data, { ...row("q", "x"), weight: 2 }];
    expect(measured({ data: weighted }).sets.synthetic.value!.accuracy).toBe(3 / 4);
  });
});

describe("label fidelity", () => {
  const many = (rows: typeof gold) => repeated(rows, 40);

  it("is the share of the rows that a judge gives the same label, and shows what the others are taken for", () => {
    const parts = { data, seeds: null, goldTrain: many(gold), gold: null };
    expect(labelFidelity({ kind: memory, parts }, options, stage)).toMatchObject({
      value: {
        ...{ judge: "gold to train on", judgeAccuracy: 1, trainRows: 40, testRows: 3, accuracy: 2 / 3 },
        ...{ labels: ["x", "y"], perRun: Array(5).fill(2 / 3), interval: [2 / 3, 2 / 3] },
        confusion: [
          [1, 0], // p
          [1, 1], // q is taken for x, s is y
        ],
      },
    });
  });

  it("is judged by gold to train on, else by gold, else by the seeds, of those with ten rows a label", () => {
    const table: [goldTrain: number, gold: number, seeds: number, judge: string | null][] = [
      [40, 40, 40, "gold to train on"],
      [4, 40, 40, "gold"],
      [0, 0, 40, "seeds"],
      [4, 4, 4, null],
    ];
    for (const [train, test, examples, judge] of table) {
      const some = (n: number) => (n === 0 ? null : repeated(gold, n));
      const parts = { data, goldTrain: some(train), gold: some(test), seeds: some(examples) };
      expect(labelFidelity({ kind: memory, parts }, options, stage).value?.judge ?? null).toBe(judge);
    }
  });

  it("says why it is not there", () => {
    const none = { data, seeds: null, goldTrain: null, gold: null };
    const reason = (parts: typeof none | { seeds: typeof gold }) =>
      labelFidelity({ kind: memory, parts: { ...none, ...parts } }, options, stage);
    expect(reason(none)).toMatchObject({ reason: expect.stringContaining("--gold-train, --gold or --seeds") });
    expect(reason({ seeds: gold })).toEqual({
      value: null,
      reason: "it takes 20 rows to judge the labels of others, 10 for each label, and seeds has 4",
    });
  });
});

describe("draws", () => {
  it("have half of the rows of each label, none twice, rounded up", () => {
    const rows = Array.from({ length: 11 }, (_, i) => row(`text ${i}`, i < 4 ? "x" : i < 10 ? "y" : "z"));
    const drawn = half(rows, evaluationRandom(1, "draws"));
    const count = (label: string) => drawn.filter((own) => own.label === label).length;
    expect([count("x"), count("y"), count("z")]).toEqual([2, 3, 1]);
    expect(new Set(drawn.map(({ input }) => input)).size).toBe(6);
    expect(halved(rows).whole).toBe(rows);
  });

  it("spread around the figure: 2.776 standard deviations at five, within 0..1", () => {
    // the standard deviation of 0.4 0.45 0.5 0.55 0.6 is 0.0790569
    const [low, high] = intervalAround(0.5, [0.4, 0.45, 0.5, 0.55, 0.6]);
    expect(low).toBeCloseTo(0.5 - 2.7764 * 0.0790569, 4);
    expect(high).toBeCloseTo(0.5 + 2.7764 * 0.0790569, 4);
    expect(intervalAround(0.9, [0.1, 0.9, 0.5, 1, 0.2])[1]).toBe(1);
  });

  it("tell their progress", () => {
    const shares: number[] = [];
    const rows = [row("p", "x"), row("r", "y")].map(({ label }) => ({
      label,
      input: { columns: Int32Array.of(label === "x" ? 1 : 2), counts: Int32Array.of(1) },
    }));
    const study = { whole: rows, draw: () => rows };
    const found = testStudents(proxyKind, study, rows, {
      ...options,
      progress: (share) => shares.push(share),
    });
    expect(found).toMatchObject({ accuracy: 1, interval: [1, 1] });
    expect(shares.length).toBeGreaterThan(6);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});
