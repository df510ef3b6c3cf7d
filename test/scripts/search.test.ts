import { describe, expect, it } from "vitest";

interface Setting {
  readonly title: string;
  readonly key: string;
}
interface Candidate {
  readonly title: string;
  readonly accuracy: { readonly gain: number; readonly interval: readonly number[] | null } | null;
}
interface Found {
  readonly rounds: readonly { readonly seeds: readonly number[]; readonly candidates: readonly Candidate[] }[];
  readonly isComplete: boolean;
  readonly runs: number;
}
type Search = (
  space: readonly {
    readonly name: string;
    readonly curve: readonly Setting[];
    readonly settings: readonly Setting[];
  }[],
  options: {
    readonly coarse: readonly number[];
    readonly keep: readonly number[];
    readonly fresh: number;
    readonly measure: (setting: Setting, seed: number) => Promise<object | null>;
  },
) => Promise<Found>;
const script = new URL("../../scripts/experiment/search-rounds.mjs", import.meta.url).href;
const { search } = (await import(script)) as { search: Search };

const setting = (key: string) => ({ title: key, key });
const space = ["a", "b"].map((name) => ({
  name,
  curve: [setting(`${name} cold`), setting(`${name} hot`)],
  settings: Array.from({ length: 4 }, (_, i) => setting(`${name}${i}`)),
}));

// An evaluation, as far as a search looks at it: on the curve accuracy is 0.6 throughout. Seeds that choose flatter b3.
function evaluation({ key }: Setting, seed: number) {
  const [selfBleu, accuracy] = key.endsWith("cold")
    ? [0.2, 0.6]
    : key.endsWith("hot")
      ? [0.1, 0.6]
      : [0.15, key === "b3" ? (seed <= 5 ? 0.8 : 0.55) : 0.6 + Number(key[1]) / 100];
  const student = { value: { accuracy: accuracy + (seed % 3) / 1000 } };
  const sample = { rows: { selfBleu: { 5: selfBleu }, distinct: {}, entityEntropy: null } };
  const missing = { value: null };
  return { student, sample, labelFidelity: student, mauve: missing, copiesOfSeeds: missing };
}

const options = { coarse: [2, 3], keep: [4, 2], fresh: 3 };

describe("search", () => {
  it("chooses by some seeds and reports the best by others alone", async () => {
    const asked: string[] = [];
    const measure = async (of: Setting, seed: number) => {
      asked.push(`${of.key} ${seed}`);
      return evaluation(of, seed);
    };
    const { rounds, isComplete, runs } = await search(space, { ...options, measure });
    expect(isComplete).toBe(true);
    expect(rounds.map(({ seeds }) => seeds)).toEqual([
      [1, 2],
      [1, 2, 3],
      [1001, 1002, 1003],
    ]);
    expect(rounds.map(({ candidates }) => candidates.length)).toEqual([8, 4, 2]);
    expect(rounds[1]!.candidates[0]).toMatchObject({ title: "b3", accuracy: { gain: expect.closeTo(0.2) } });
    // luck does not last: the fresh seeds put it below the curve
    expect(rounds[2]!.candidates.map(({ title }) => title)).toEqual(["a3", "b3"]);
    expect(rounds[2]!.candidates[1]!.accuracy!.gain).toBeCloseTo(-0.05);
    expect(rounds[2]!.candidates[1]!.accuracy!.interval![1]).toBeLessThan(0);
    // nothing twice: 12 settings, then 4 curve points and 4 settings more, then the same curves and 2 settings
    expect(new Set(asked).size).toBe(asked.length);
    expect([asked.length, runs]).toEqual([24 + 8 + 18, 24 + 8 + 18]);
  });

  it("ends without a result when time is up, whatever part of a round is done", async () => {
    let left = 30;
    const measure = async (of: Setting, seed: number) => (left-- > 0 ? evaluation(of, seed) : null);
    const { rounds, isComplete, runs } = await search(space, { ...options, measure });
    expect([rounds.length, isComplete, runs]).toEqual([1, false, 30]);
  });
});
