import { describe, expect, it } from "vitest";
import { copies, copySteps } from "../../../lib/evaluate/copies.js";
import { distinctN, distinctSteps } from "../../../lib/evaluate/distinct-n.js";
import { diversity, diversitySteps } from "../../../lib/evaluate/diversity.js";
import { duplicateSteps, duplicates } from "../../../lib/evaluate/duplicates.js";
import { selfBleuOrders, selfBleuSteps } from "../../../lib/evaluate/self-bleu.js";
import { atOnce, eachStep, inTurns, mapSteps, partOf, type Steps } from "../../../lib/evaluate/steps.js";
import { evaluationRandom } from "../../../lib/random.js";

function* three(): Steps<string> {
  yield 0;
  yield 0.5;
  return "done";
}

// What it came to, and the shares at which it would have let others run.
function taken<Value>(work: Steps<Value>): { value: Value; shares: number[] } {
  const shares: number[] = [];
  for (;;) {
    const step = work.next();
    if (step.done) return { value: step.value, shares };
    shares.push(step.value);
  }
}

describe("steps", () => {
  it("come to the same at once and in turns, with a turn before the first piece and between two", async () => {
    expect(atOnce(three())).toBe("done");
    const seen: number[] = [];
    const pace = async (share: number) => {
      seen.push(share);
    };
    expect(await inTurns(three(), pace)).toBe("done");
    expect(seen).toEqual([0, 0, 0.5]);
  });

  it("end where the pace ends them", async () => {
    const reason = new Error("enough");
    let pieces = 0;
    const work = eachStep(1000, () => pieces++);
    const pace = async (share: number) => {
      if (share > 0.2) throw reason;
    };
    await expect(inTurns(work, pace)).rejects.toBe(reason);
    expect(pieces).toBeLessThan(400);
  });

  it("are parts of larger work", () => {
    expect(taken(partOf(partOf(three(), 0, 0.5), 0.5, 1)).shares).toEqual([0.5, 0.625]);
    expect(taken(partOf(three(), 0.2, 0.4)).value).toBe("done");
    expect(taken(mapSteps([..."abc"], (letter, i) => letter + i)).value).toEqual(["a0", "b1", "c2"]);
  });
});

describe("metrics of many texts", () => {
  const random = evaluationRandom(1, "sample");
  const tokens = Array.from({ length: 640 }, () => Array.from({ length: 12 }, () => `w${random.below(40)}`));
  const texts = tokens.map((words) => words.join(" "));
  const read = tokens.map((words, t) => ({ text: texts[t]!, label: "x", tokens: words, entities: null }));

  it("stop after every 64 texts or more often, shares ascending, and come to what they come to at once", () => {
    const work: [name: string, steps: Steps<unknown>, whole: unknown][] = [
      ["duplicates", duplicateSteps(texts), duplicates(texts)],
      ["copies", copySteps(texts, texts.slice(300)), copies(texts, texts.slice(300))],
      ["Self-BLEU", selfBleuSteps(tokens), selfBleuOrders(tokens)],
      ["distinct-n", distinctSteps(tokens, 3), [1, 2, 3].map((n) => distinctN(tokens, n))],
      ["diversity", diversitySteps(read), diversity(read)],
    ];
    for (const [name, steps, whole] of work) {
      const { value, shares } = taken(steps);
      expect(value, name).toEqual(whole);
      expect(shares.length, name).toBeGreaterThanOrEqual(2 * (texts.length / 64)); // each passes over the texts twice at least
      expect(
        shares.every((share) => share >= 0 && share <= 1),
        name,
      ).toBe(true);
    }
  });

  it("need not count duplicates twice", () => {
    const { value, shares } = taken(diversitySteps(read, { ...duplicates(texts), nearRate: 0.25 }));
    expect(value.nearDuplicates).toBe(0.25);
    expect(shares.every((share) => share < 0.5)).toBe(true);
  });
});
