// Laws between methods, token for token on the demo teacher. Both sides of each have the same rows in the same batches, so
// the model gives them the same logits to the last bit, and equality is by design and not by luck.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Method, Teacher } from "../../../lib/index.js";
import {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  fewgenMatched,
  hybrid,
  intra,
  loadTeacher,
} from "../../../lib/index.js";
import { outcome, task, weightMatrix, words, wordsBy } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const K = 4;
const none = weightMatrix(K, () => 0);

const withoutContrast: [string, Method, Method][] = [
  ["a matrix of zeros", coupling({ weights: none }), fewgen()],
  ["a matrix of zeros at R = 2", coupling({ weights: weightMatrix(2 * K, () => 0), repeat: 2 }), fewgen({ repeat: 2 })],
  ["cross at delta = gamma", cross({ delta: 1 }), fewgen()],
  ["intra at delta = gamma", intra({ delta: 1 }), fewgen({ repeat: 2 })],
  ["hybrid with intra = cross = 0", hybrid({ intra: 0, cross: 0 }), fewgen({ repeat: 2 })],
  ["cfg at delta = gamma", cfg({ kind: "cross", delta: 1 }), fewgen()],
  ["cfg by a prompt at delta = gamma", cfg({ kind: "prompt", delta: 1 }), fewgen()],
  ["fewgen-matched of cross at delta = gamma", fewgenMatched({ match: cross({ delta: 1 }) }), fewgen()],
];

describe("a coupling of zero is FewGen", () => {
  test.each(withoutContrast)("%s", async (_, method, plain) => {
    expect(await wordsBy(teacher, method, { count: 32 })).toEqual(await wordsBy(teacher, plain, { count: 32 }));
  });

  test("a contrast without heat in a warm-up, where no row has partners", async () => {
    const overrides = { sampling: { maxTokens: 24, warmUp: 24, seed: 7 } };
    const plain = await wordsBy(teacher, fewgen(), overrides);
    expect(await wordsBy(teacher, cross({ contrast: 0.5, heat: "none" }), overrides)).toEqual(plain);
  });

  test("context-aware decoding at delta = gamma", async () => {
    const overrides = {
      prompt: { instruction: "{context} Definition of {label}", shots: 0 },
      contexts: [{ text: "In the garden." }, { text: "At sea." }],
    };
    const plain = await wordsBy(teacher, fewgen(), overrides);
    expect(await wordsBy(teacher, contextAware({ delta: 1 }), overrides)).toEqual(plain);
  });
});

const samePresets: [string, Method, Method][] = [
  ["hybrid with intra = 0 is cross", hybrid({ repeat: 2, intra: 0, cross: 0.25 }), cross({ repeat: 2, delta: 0.75 })],
  ["hybrid with cross = 0 is intra", hybrid({ repeat: 2, intra: 0.5, cross: 0 }), intra({ repeat: 2, delta: 0.5 })],
  [
    "cfg-hybrid with intra = 0 is cfg-cross",
    cfg({ kind: "hybrid", repeat: 1, intra: 0, cross: 0.25 }),
    cfg({ kind: "cross", repeat: 1, delta: 0.75 }),
  ],
  [
    "fewgen-matched is FewGen at a higher temperature: only the total contrast counts",
    fewgenMatched({ match: cross({ repeat: 2, delta: 0.75 }) }),
    fewgenMatched({ match: hybrid({ repeat: 2, intra: 0.125, cross: 0.125 }) }),
  ],
];

test.each(samePresets)("%s", async (_, a, b) => {
  // stop strings and end tokens: the sets lose members in both alike
  const overrides = { count: 32, sampling: { stop: ["\n"], maxTokens: 24, seed: 7 } };
  const left = await wordsBy(teacher, a, overrides);
  expect(left).toEqual(await wordsBy(teacher, b, overrides));
  expect(new Set(left.map(({ ending }) => ending)).size).toBeGreaterThan(1);
});

test("cfg by the prompt without its context is context-aware decoding", async () => {
  const overrides = {
    prompt: { instruction: "{context} Definition of {label}", withoutContext: "Definition of {label}", shots: 0 },
    contexts: [{ text: "In the garden." }, { text: "At sea." }],
  };
  const strength = { contrast: 0.5, heat: "none" } as const;
  const guided = await wordsBy(
    teacher,
    cfg({ kind: "prompt", negative: "Definition of {label}:", ...strength }),
    overrides,
  );
  expect(guided).toEqual(await wordsBy(teacher, contextAware(strength), overrides));
});

test("cfg by the other label's prompt is cfg-cross of two labels, for the row that it is the other of", async () => {
  const strength = { gamma: 1.5, delta: 1 };
  const pair = { labels: { animal: "an animal", food: "a food" }, seeds: undefined, prompt: { shots: 0 }, count: 2 };
  const method = cfg({ kind: "prompt", negative: "Definition of a food:", ...strength });
  const [guided] = await wordsBy(teacher, method, pair);
  expect(guided?.label).toBe("animal");
  expect(guided).toEqual((await wordsBy(teacher, cfg({ kind: "cross", ...strength }), pair))[0]);
});

test("cfg by a row's own prompt is FewGen at temperature 1 / delta: gamma counts for nothing", async () => {
  const alone = { labels: { animal: "an animal" }, seeds: undefined, prompt: { shots: 0 }, count: 4 };
  const ofOwn = (gamma: number) => {
    const method = cfg({ kind: "prompt", negative: "Definition of {label}:", gamma, delta: 0.5 });
    return wordsBy(teacher, method, { ...alone, sampling: { temperature: 0.5, maxTokens: 24, seed: 7 } });
  };
  const plain = await wordsBy(teacher, fewgen(), alone);
  const same = (await ofOwn(1.5)).filter(({ text }, i) => text === plain[i]!.text);
  expect(same.length).toBeGreaterThan(2); // two rows in a batch and one: the last bits of the logits may differ
});

// A matrix leaves the weights of the rows that are still active as given, while a preset shares its total among them: they
// are the same only while no row has ended. So few tokens, no stop string, and a check that all ran to the limit.
const sameLabel = (m: number, n: number) => Math.floor(m / 2) === Math.floor(n / 2);
const matrices: [string, Method, number[][]][] = [
  ["cross, R = 1: (gamma - delta) / (M - 1) (eq. 13)", cross(), weightMatrix(K, () => (1 - 0.9) / (K - 1))],
  [
    "cross, R = 1, gamma 1.5, delta 0.5",
    cross({ gamma: 1.5, delta: 0.5 }),
    weightMatrix(K, () => (1.5 - 0.5) / (K - 1)),
  ],
  [
    "cross, R = 2",
    cross({ repeat: 2, delta: 0.5 }),
    weightMatrix(2 * K, (m, n) => (sameLabel(m, n) ? 0 : (1 - 0.5) / (2 * K - 2))),
  ],
  ["intra", intra(), weightMatrix(2 * K, (m, n) => (sameLabel(m, n) ? 0.5 : 0))],
  ["hybrid", hybrid(), weightMatrix(2 * K, (m, n) => (sameLabel(m, n) ? 0.5 : 0.1 / (2 * K - 2)))],
];

describe("the matrix form gives the preset while all rows are active", () => {
  test.each(matrices)("%s", async (_, preset, weights) => {
    const { gamma, repeat } = preset as { gamma: number; repeat: number };
    const overrides = { count: 48, sampling: { maxTokens: 6, seed: 9 } };
    const wanted = await wordsBy(teacher, preset, overrides);
    expect(new Set(wanted.map(({ ending }) => ending))).toEqual(new Set(["length"]));
    expect(await wordsBy(teacher, coupling({ weights, gamma, repeat }), overrides)).toEqual(wanted);
  });
});

// What keeps the equalities above from being empty: a contrast does change the tokens.
const different: [string, Method, Method][] = [
  ["cross", cross(), fewgen()],
  ["intra", intra(), fewgen({ repeat: 2 })],
  ["hybrid", hybrid(), fewgen({ repeat: 2 })],
  ["cfg-cross", cfg({ kind: "cross" }), fewgen()],
  ["cfg by an empty prompt", cfg({ kind: "prompt", gamma: 2, delta: 1 }), fewgen()],
  ["cfg by another prompt", cfg({ kind: "prompt", negative: "A list:" }), cfg({ kind: "prompt" })],
  ["cfg-cross and cross", cfg({ kind: "cross", delta: 0.5 }), cross({ delta: 0.5 })],
  ["fewgen-matched", fewgenMatched({ match: hybrid() }), fewgen({ repeat: 2 })],
  ["cross without heat", cross({ contrast: 0.5, heat: "none" }), fewgen()],
  ["cross at another delta", cross({ delta: 0.5 }), cross()],
];

test.each(different)("%s is not the same as without", async (_, method, other) => {
  expect(await wordsBy(teacher, method)).not.toEqual(await wordsBy(teacher, other));
});

describe("the seed", () => {
  test("gives the same dataset twice, also from a teacher loaded anew", async () => {
    await using again = await loadTeacher("demo");
    const spec = task({ method: hybrid(), count: 32 });
    const first = await outcome(teacher, spec);
    expect((await outcome(teacher, spec)).instances).toEqual(first.instances);
    expect((await outcome(again, spec)).instances).toEqual(first.instances);
  });

  test.each([8, 2 ** 32 + 7, 2n ** 64n - 1n])("%s gives another than 7", async (seed) => {
    const [seven, other] = await Promise.all(
      [7, seed].map((seed) => outcome(teacher, task({ prompt: { shots: 0 }, sampling: { seed, maxTokens: 24 } }))),
    );
    expect(words(other!)).not.toEqual(words(seven!));
  });

  test("is the same as number, bigint and digits", async () => {
    const [a, b, c] = await Promise.all(
      [7, 7n, "7"].map((seed) => outcome(teacher, task({ sampling: { seed, maxTokens: 24 } }))),
    );
    expect(b!.instances).toEqual(a!.instances);
    expect(c!.instances).toEqual(a!.instances);
  });
});
