// DoLa: what is drawn, against float64; what plan says; what is refused.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dola, fewgen, loadTeacher, type Method, plan, preview, type Teacher } from "../../../lib/index.js";
import { outcome, task } from "../helpers/demo.js";
import { endId, idsOf, RandomLlama, textOf } from "../helpers/llama.js";

let folder: string;
let teacher: Teacher;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-dola-"));
  teacher = await loadTeacher("demo");
});
afterAll(async () => {
  await teacher.close();
  await rm(folder, { recursive: true });
});

// Jensen-Shannon divergence of two lists of ln P, written as it is defined
function divergence(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, w) => {
    const [p, q] = [Math.exp(x), Math.exp(b[w]!)];
    const middle = Math.log((p + q) / 2);
    return sum + (p * (x - middle) + q * (b[w]! - middle)) / 2;
  }, 0);
}

describe("a random model, the likeliest token at each step", () => {
  const maxTokens = 12;

  // The text, and the layers that were chosen on the way
  function expected(llama: RandomLlama, prompt: string, layers: readonly number[], alpha: number) {
    const ids = idsOf(prompt);
    const chosen: number[] = [];
    for (let step = 0; step < maxTokens && ids.at(-1) !== endId; step++) {
      const own = llama.distributions(ids).at(-1)!;
      const early = layers.map((layer) => ({ layer, q: llama.distributions(ids, layer).at(-1)! }));
      const farthest = early.reduce((a, b) => (divergence(own, b.q) > divergence(own, a.q) ? b : a));
      const best = Math.max(...own);
      const plausible = own.map((p, id) => ({ id, p })).filter(({ p }) => p >= best + Math.log(alpha));
      const score = ({ id, p }: { id: number; p: number }) => p - farthest.q[id]!;
      chosen.push(farthest.layer);
      ids.push(plausible.reduce((a, b) => (score(b) > score(a) ? b : a)).id);
    }
    return { text: textOf(ids.slice(prompt.length).filter((id) => id !== endId)), chosen };
  }

  test.each([
    [[1], 0.1],
    [[3], 0.3],
    [[2, 4], 0.1],
    [[1, 2, 3, 4, 5], 0.05],
  ])("with layers %j and α %d is what float64 says", async (layers, plausibility) => {
    const llama = new RandomLlama(23, 6);
    const path = join(folder, `${layers.join("-")}.gguf`);
    await writeFile(path, llama.file());
    const random = await loadTeacher(path);
    const labels = { one: "one", two: "two", three: "three", four: "four" };
    const { instances } = await outcome(random, {
      labels,
      prompt: { instruction: "a {label}", shots: 0 },
      method: dola({ layers }),
      count: 4,
      filters: false,
      sampling: { maxTokens, topK: 1, plausibility },
      engine: { threads: 1, kvType: "f32", flashAttention: false },
    });
    await random.close();
    const chosen = new Set<number>();
    for (const label of Object.keys(labels)) {
      const wanted = expected(llama, `a ${label}`, layers, plausibility);
      expect(instances.find((instance) => instance.label === label)!.text).toBe(wanted.text.trim());
      for (const layer of wanted.chosen) chosen.add(layer);
    }
    if (layers.length > 2) expect(chosen.size).toBeGreaterThan(1); // else the test would not see the choice
  });
});

const texts = async (method: Method) =>
  (await outcome(teacher, task({ method, count: 8 }))).instances.map(({ text }) => text);

test("the demo teacher writes other texts than FewGen, the same ones again, and all tokens are contrasted", async () => {
  const made = await texts(dola({ layers: "high" }));
  expect(await texts(dola({ layers: [4] }))).toEqual(made); // the one high layer of five blocks
  expect(await texts(fewgen())).not.toEqual(made);
  const { report } = await outcome(teacher, task({ method: dola({ layers: [1, 3] }), count: 8 }));
  expect(report.uncontrastedShare).toBe(0);
});

test("plan names the layers, and its rows are FewGen's", async () => {
  const spec = task({ count: 8 });
  const [own, plain] = [await plan(teacher, { ...spec, method: dola({ layers: [1, 3] }) }), await plan(teacher, spec)];
  expect(own.layers).toEqual([1, 3]);
  expect(plain.layers).toEqual([]);
  expect(own.contrastRows).toBe(0);
  expect(own.strength).toMatchObject({ teacherAlone: 1, totalContrast: 1, matchedTemperature: null });
});

test("layers that the teacher does not have are a wrong field, in every door", async () => {
  const spec = task({ method: dola({ layers: [2, 5, 9] }), count: 8 });
  const refusal = {
    code: "CORRSYNTH_INVALID_CONFIG",
    message: "method.layers: Expected layers 1 to 4 of this teacher, which has 5 blocks, received 5, 9",
  };
  for (const door of [outcome, plan, preview]) await expect(door(teacher, spec)).rejects.toMatchObject(refusal);
});

test("at plausibility 0 nothing would keep improbable tokens out", async () => {
  const spec = task({ method: dola({ layers: "high" }), count: 8, sampling: { plausibility: 0 } });
  await expect(outcome(teacher, spec)).rejects.toMatchObject({ code: "CORRSYNTH_INVALID_CONFIG" });
});
