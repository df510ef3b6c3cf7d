// Turns, and what is let go of when nobody asks, on a model that scores as told.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Scorer } from "../../../lib/engine/scorer.js";

function model() {
  const calls: string[] = [];
  return {
    calls,
    async score(requests: readonly Int32Array[]) {
      const name = String(requests[0]![0]);
      calls.push(`begin ${name}`);
      await sleep(5);
      calls.push(`end ${name}`);
      if (name === "13") throw new Error("it failed");
      return Float64Array.of(-1);
    },
    releaseScorer: () => void calls.push("release"),
  };
}

const part = (name: number): Parameters<Scorer["score"]>[0] => [
  [Int32Array.of(name)],
  Int32Array.of(1),
  { threads: 1 },
];
const fine = () => {};

test("parts take turns in the order in which they came, also after one that failed", async () => {
  const native = model();
  const scorer = new Scorer(native);
  const [first, failed, last] = [
    scorer.score(part(1), fine),
    scorer.score(part(13), fine),
    scorer.score(part(2), fine),
  ];
  await expect(failed).rejects.toThrow("it failed");
  expect([...(await first), ...(await last)]).toEqual([-1, -1]);
  expect(native.calls).toEqual(["begin 1", "end 1", "begin 13", "end 13", "begin 2", "end 2"]);
  scorer.close();
});

test("a part that must not begin any more does not", async () => {
  const native = model();
  const scorer = new Scorer(native);
  const refused = scorer.score(part(1), () => {
    throw new Error("closed");
  });
  await expect(refused).rejects.toThrow("closed");
  expect(native.calls).toEqual([]);
  scorer.close();
});

test("what is kept goes some time after the last part, not between two, and not after close", async () => {
  const native = model();
  const scorer = new Scorer(native, 20);
  await Promise.all([scorer.score(part(1), fine), scorer.score(part(2), fine)]);
  await scorer.score(part(3), fine);
  expect(native.calls).not.toContain("release");
  await sleep(60);
  expect(native.calls.filter((call) => call === "release")).toHaveLength(1);
  await scorer.score(part(4), fine);
  scorer.close();
  await sleep(60);
  expect(native.calls.filter((call) => call === "release")).toHaveLength(1);
});
