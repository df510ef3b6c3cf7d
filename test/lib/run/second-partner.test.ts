// Couplings with an amateur, a guide or early layers beside their own partners: whole groups against float64, and the laws.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  cfg,
  coupling,
  cross,
  hybrid,
  type Instance,
  intra,
  loadTeacher,
  type Method,
  plan,
  preview,
  type SynthesisSpec,
  type Teacher,
} from "../../../lib/index.js";
import { methodSchema } from "../../../lib/methods/schema.js";
import { referenceStep } from "../../reference/step.js";
import { outcome, task } from "../helpers/demo.js";
import { endId, idsOf, RandomLlama, textOf } from "../helpers/llama.js";

let folder: string;
let random: Teacher;
let teacher: Teacher;
const [first, second] = [new RandomLlama(63, 4), new RandomLlama(42)];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-partner-"));
  await writeFile(join(folder, "first.gguf"), first.file());
  await writeFile(join(folder, "second.gguf"), second.file());
  random = await loadTeacher(join(folder, "first.gguf"));
  teacher = await loadTeacher("demo");
});
afterAll(async () => {
  await random.close();
  await teacher.close();
  await rm(folder, { recursive: true });
});

const maxTokens = 7;
const [seed, vocab] = [5, endId + 1];

// What the two models say after a text, each once: rows, partners and samplings ask for the same ones.
const known = new Map<string, number[]>();
function after(model: RandomLlama, prompt: string, written: readonly number[], blocks = model.blocks): number[] {
  const key = [model === first, blocks, prompt, ...written].join();
  const found = known.get(key) ?? model.distributions([...idsOf(prompt), ...written], blocks).at(-1)!;
  known.set(key, found);
  return found;
}

/** Rows 0, 1 are of label "x", rows 2, 3 of label "y": their γ, and their partners' logits and weights. */
interface Coupled {
  readonly gamma: number;
  readonly contrast: (m: number, running: readonly number[], at: (prompt: string) => number[]) => Set[];
}
/** A total that is shared by partners: other rows that run, or a prompt behind which the row's own text stands. */
interface Set {
  readonly total: number;
  readonly logits: readonly number[][];
}

const labelOf = (m: number) => (m < 2 ? "x" : "y");
let rows: number[][] = []; // each row's logits at the step at hand

const others = (m: number, running: readonly number[], isPartner: (n: number) => boolean) =>
  running.filter((n) => n !== m && isPartner(n)).map((n) => rows[n]!);
const same = (total: number) => (m: number, running: readonly number[]) => ({
  total,
  logits: others(m, running, (n) => labelOf(n) === labelOf(m)),
});
const across = (total: number) => (m: number, running: readonly number[]) => ({
  total,
  logits: others(m, running, (n) => labelOf(n) !== labelOf(m)),
});

const weights = [
  [0, 0.3, 0, 0.2],
  [0, 0, 0.4, 0],
  [0.1, 0.2, 0, 0],
  [0, 0, 0, 0],
];
// γ of heat "none" is 1 + the totals + what an amateur or a layer takes
const couplings: [string, (beside: object) => Method, (taken: number) => Coupled][] = [
  [
    "cross",
    (beside) => cross({ repeat: 2, contrast: 0.5, heat: "none", ...beside }),
    (taken) => ({ gamma: 1.5 + taken, contrast: (m, running) => [across(0.5)(m, running)] }),
  ],
  [
    "intra",
    (beside) => intra({ repeat: 2, contrast: 0.4, heat: "none", ...beside }),
    (taken) => ({ gamma: 1.4 + taken, contrast: (m, running) => [same(0.4)(m, running)] }),
  ],
  [
    "hybrid",
    (beside) => hybrid({ repeat: 2, intra: 0.3, cross: 0.2, heat: "none", ...beside }),
    (taken) => ({ gamma: 1.5 + taken, contrast: (m, running) => [same(0.3)(m, running), across(0.2)(m, running)] }),
  ],
  [
    "the paper's hybrid",
    (beside) => hybrid({ repeat: 2, intra: 0.3, cross: 0.1, ...beside }),
    () => ({ gamma: 1, contrast: (m, running) => [same(0.3)(m, running), across(0.1)(m, running)] }),
  ],
  [
    "matrix",
    (beside) => coupling({ repeat: 2, gamma: 1.2, weights, ...beside }),
    () => ({
      gamma: 1.2,
      contrast: (m, running) =>
        weights[m]!.map((total, n) => ({ total, logits: others(m, running, (k) => k === n) })).filter(
          ({ total }) => total > 0,
        ),
    }),
  ],
  [
    "cfg by its partners' prompts",
    (beside) => cfg({ kind: "cross", repeat: 2, contrast: 0.5, heat: "none", ...beside }),
    (taken) => ({
      gamma: 1.5 + taken,
      contrast: (m, _, at) => {
        const prompt = at(`a ${labelOf(m) === "x" ? "y" : "x"}`); // both rows of the other label have it
        return [{ total: 0.5, logits: [prompt, prompt] }];
      },
    }),
  ],
  [
    "cfg by a prompt",
    (beside) => cfg({ kind: "prompt", repeat: 2, negative: "a thing", gamma: 1.4, delta: 1, ...beside }),
    () => ({ gamma: 1.4, contrast: (_m, _running, at) => [{ total: 0.4, logits: [at("a thing")] }] }),
  ],
];

interface Partner {
  readonly beside: object;
  readonly role?: "amateur" | "guide";
  /** What it takes, which "heat: none" pays for. */
  readonly taken: number;
  /** The row's own exponent and the partner's weight, of γ. */
  readonly weigh: (gamma: number) => readonly [own: number, weight: number];
  readonly logits: (own: readonly number[], prompt: string, written: readonly number[]) => number[];
}

const ofSecond = (_: readonly number[], prompt: string, written: readonly number[]) =>
  after(second, prompt.replace(/^a/, "no"), written);
const ofLayers =
  (layers: readonly number[]) =>
  (own: readonly number[], prompt: string, written: readonly number[]): number[] => {
    const early = layers.map((layer) => after(first, prompt, written, layer));
    return early.reduce((a, b) => (divergence(own, b) > divergence(own, a) ? b : a));
  };
const taking = (weight: number) => (gamma: number) => [gamma, weight] as const;

const partners: [string, Partner][] = [
  [
    "an amateur",
    {
      beside: { amateur: { weight: 0.1, temperature: 2 } },
      role: "amateur",
      taken: 0.1,
      weigh: taking(0.05),
      logits: ofSecond,
    },
  ],
  [
    "a guide",
    {
      beside: { guide: { weight: 0.4 } },
      role: "guide",
      taken: 0,
      weigh: (gamma) => [0.6 * gamma, -0.4 * gamma],
      logits: ofSecond,
    },
  ],
  [
    "the guide alone",
    { beside: { guide: { weight: 1 } }, role: "guide", taken: 0, weigh: (gamma) => [0, -gamma], logits: ofSecond },
  ],
  [
    "a layer",
    { beside: { dola: { layers: [2], weight: 0.1 } }, taken: 0.1, weigh: taking(0.1), logits: ofLayers([2]) },
  ],
  [
    "the farthest of three layers",
    {
      beside: { dola: { layers: [1, 2, 3], weight: 0.2 } },
      taken: 0.2,
      weigh: taking(0.2),
      logits: ofLayers([1, 2, 3]),
    },
  ],
];

// Jensen-Shannon divergence of two lists of ln P, written as it is defined
function divergence(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, w) => {
    const [p, q] = [Math.exp(x), Math.exp(b[w]!)];
    const middle = Math.log((p + q) / 2);
    return sum + (p * (x - middle) + q * (b[w]! - middle)) / 2;
  }, 0);
}

const samplings = [
  { plausibility: 0.1, topP: 0.9, topK: 0, temperature: 1 },
  { plausibility: 0.1, topP: 1, topK: 3, temperature: 1.3 },
  { plausibility: 0, topP: 1, topK: 0, temperature: 1 },
  { plausibility: 0, topP: 0.7, topK: 0, temperature: 0.8 },
];

/** The texts of group 0 by float64, and how many rows had ended when the last one did. */
function expected({ gamma, contrast }: Coupled, partner: Partner, sampling: (typeof samplings)[number]) {
  const prompts = [0, 1, 2, 3].map((m) => `a ${labelOf(m)}`);
  const written: number[][] = prompts.map(() => []);
  let running = [0, 1, 2, 3];
  let steps = 0;
  let alone = 0; // tokens of rows that had lost a set
  for (; running.length > 0 && steps < maxTokens; steps++) {
    rows = prompts.map((prompt, m) => after(first, prompt, written[m]!));
    const drawn = running.map((m) => {
      const sets = contrast(m, running, (prompt) => after(first, prompt, written[m]!));
      const missing = sets.filter(({ logits }) => logits.length === 0).reduce((sum, { total }) => sum + total, 0);
      if (missing > 0) alone++;
      const [own, weight] = partner.weigh(Math.max(Math.min(gamma, 1), gamma - missing));
      const found: (readonly [weight: number, logits: number[]])[] = [
        ...sets.flatMap(({ total, logits }) => logits.map((row) => [total / logits.length, row] as const)),
        [weight, partner.logits(rows[m]!, prompts[m]!, written[m]!)],
      ];
      const n = rows.length + found.length; // the row at its own place, since its random number is that of its place
      const matrix = new Array<number>(n * n).fill(0);
      for (const [i, [weight]] of found.entries()) matrix[m * n + rows.length + i] = weight;
      return referenceStep({
        logits: Float32Array.from([...rows, ...found.map(([, logits]) => logits)].flat()),
        vocab,
        gamma: own,
        weights: matrix,
        active: new Array<boolean>(n).fill(true),
        seed,
        step: steps,
        ...sampling,
      })[m]!;
    });
    for (const [i, m] of running.entries()) written[m]!.push(drawn[i]!);
    running = running.filter((m) => written[m]!.at(-1) !== endId);
  }
  const texts = written.map((ids) => textOf(ids.filter((id) => id !== endId)).trim());
  return { texts, alone };
}

describe.each(couplings)("groups of two random models, %s with", (_, methodOf, coupledOf) => {
  let alone = 0; // tokens of rows that had lost a set of partners

  test.each(partners)("%s, are those of float64, also when rows have ended", async (_, partner) => {
    const coupled = coupledOf(partner.taken);
    for (const sampling of samplings) {
      const { role } = partner;
      const { instances } = await outcome(random, {
        labels: { x: "x", y: "y" },
        prompt: { instruction: "a {label}", shots: 0 },
        method: methodOf(partner.beside),
        ...(role === undefined ? {} : { [role]: { model: join(folder, "second.gguf"), instruction: "no {label}" } }),
        count: 4,
        filters: false,
        sampling: { maxTokens, seed, ...sampling },
        engine: { threads: 1, kvType: "f32", flashAttention: false },
      });
      const wanted = expected(coupled, partner, sampling);
      alone += wanted.alone;
      // an empty text is no instance, and a later group makes up for it
      const found = [0, 1, 2, 3].map((m) => {
        const isRow = ({ group, label, repeat }: Instance) => group === 0 && label === labelOf(m) && repeat === m % 2;
        return instances.find(isRow)?.text ?? "";
      });
      expect(found).toEqual(wanted.texts);
    }
  });

  test("partners that end before a row, but for those of CFG, which follow it", () => {
    expect(alone > 0).toBe(!/^cfg/.test(methodOf({}).name));
  });
});

describe("the demo teacher", () => {
  const plain = { seeds: undefined, prompt: { shots: 0 }, engine: { reproducible: true }, count: 8 };
  const sampling = { maxTokens: 24, seed: 7, plausibility: 0.1 };
  const texts = async (spec: SynthesisSpec) => (await outcome(teacher, spec)).instances.map(({ text }) => text);

  test.each<[string, object, object]>([
    ["an amateur", { amateur: { weight: 0 } }, { amateur: "no such file.gguf" }],
    ["a guide", { guide: { weight: 0 } }, { guide: "no such file.gguf" }],
    ["layers", { dola: { layers: [99], weight: 0 } }, {}],
  ])("with %s of weight 0 writes what the coupling writes, token for token", async (_, beside, models) => {
    for (const method of [cross({ contrast: 0.5, heat: "none" }), hybrid(), cfg({ kind: "prompt" })] as Method[]) {
      const spec = task({ ...plain, sampling, method: { ...method, ...beside } as Method, ...models });
      expect(await texts(spec)).toEqual(await texts(task({ ...plain, sampling, method })));
    }
  });

  test("as its own guide is the coupling, whatever its γ, and as its own amateur the coupling at a smaller δ", async () => {
    for (const method of [cross({ contrast: 0.5, heat: "none" }), hybrid()]) {
      const guided = { ...method, guide: { weight: 0.3 } } as Method;
      expect(await texts(task({ ...plain, sampling, method: guided, guide: "demo" }))).toEqual(
        await texts(task({ ...plain, sampling, method })),
      );
    }
    const method = cross({ gamma: 1, delta: 0.9, amateur: { weight: 0.2, temperature: 1 } });
    expect(await texts(task({ ...plain, sampling, method, amateur: "demo" }))).toEqual(
      await texts(task({ ...plain, sampling, method: cross({ gamma: 0.8, delta: 0.7 }) })),
    );
  });

  test("in a warm-up there is neither coupling nor partner", async () => {
    const warm = { ...sampling, warmUp: 24 };
    const wanted = await texts(task({ ...plain, sampling }));
    const guide = { model: "demo", instruction: "Definition of a thing" };
    for (const beside of [{ guide: { weight: 0.5 } }, { dola: { layers: [2] as number[], weight: 0.3 } }]) {
      const method = cross({ contrast: 0.5, heat: "none", ...beside });
      const models = "guide" in beside ? { guide } : {};
      expect(await texts(task({ ...plain, sampling: warm, method, ...models }))).toEqual(wanted);
    }
  });

  test("layers beside a coupling cost no row and no decoded token, and the rows have them", async () => {
    const [own, without] = [hybrid({ heat: "none", dola: { layers: "high", weight: 0.4 } }), hybrid({ heat: "none" })];
    const found = await outcome(teacher, task({ ...plain, sampling, method: own }));
    expect(found.report.decodedTokens).toBe(found.report.generatedTokens);
    expect(found.report.uncontrastedShare).toBe(0);
    expect(found.instances.map(({ text }) => text)).not.toEqual(
      await texts(task({ ...plain, sampling, method: without })),
    );
  });

  test("plan and preview know of all three", async () => {
    const spec = (beside: object, models = {}) =>
      task({ ...plain, method: methodSchema.parse({ name: "cross", ...beside }), ...models });
    const alone = await plan(teacher, spec({}));
    const guided = await plan(teacher, spec({ guide: { weight: 0.25 } }, { guide: "demo" }));
    expect(guided.second).toMatchObject({ role: "guide", rows: 4 });
    expect(guided.kvBytes).toBe(2 * alone.kvBytes);
    expect(guided.strength).toEqual({ ...alone.strength, teacherAlone: 0.75 });
    const early = spec({ dola: { layers: [1, 3], weight: 0.25 } });
    expect(await plan(teacher, early)).toMatchObject({ second: null, layers: [1, 3], kvBytes: alone.kvBytes });
    expect((await preview(teacher, early)).strength).toMatchObject({ totalContrast: 0.35, teacherAlone: 1 });
  });

  test("layers that it does not have are a wrong field", async () => {
    const spec = task({ ...plain, method: cross({ dola: { layers: [2, 5], weight: 0.1 } }) });
    await expect(outcome(teacher, spec)).rejects.toMatchObject({
      message: "method.dola.layers: Expected layers 1 to 4 of this teacher, which has 5 blocks, received 5",
    });
  });
});
