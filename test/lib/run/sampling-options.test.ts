// Where a row ends, and what is told of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Method, Teacher } from "../../../lib/index.js";
import { cfg, contextAware, cross, fewgen, hybrid, loadTeacher } from "../../../lib/index.js";
import { outcome, seedsOf, task, words } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

describe("stop strings", () => {
  // One row alone: with and without the stop string its batches are the same, so its tokens are.
  const alone = (seed: number, stop: string[]) =>
    task({
      labels: { animal: "an animal" },
      seeds: seedsOf("animal"),
      count: 1,
      sampling: { seed, stop, maxTokens: 24 },
    });

  test("end a text right before them, wherever the borders of tokens lie", async () => {
    let acrossBorders = 0;
    for (let seed = 0; seed < 12; seed++) {
      const [free] = (await outcome(teacher, alone(seed, []))).instances;
      // from the middle of one word to the middle of another
      const stop = free!.text.slice(8, 16);
      const [part] = await teacher.tokenize([[{ text: stop, special: false }]]);
      acrossBorders += Number(part!.length > 1);
      const [stopped] = (await outcome(teacher, alone(seed, ["no such text", stop]))).instances;
      expect(stopped).toMatchObject({ text: free!.text.slice(0, free!.text.indexOf(stop)).trim(), ending: "stop" });
      expect(stopped!.tokens).toBeLessThan(free!.tokens);
    }
    expect(acrossBorders).toBeGreaterThan(6);
  });

  test("of several, the first in the text ends it", async () => {
    const [free] = (await outcome(teacher, alone(3, []))).instances;
    const text = free!.text;
    const [late, early] = [text.slice(20, 24), text.slice(10, 14)];
    const [stopped] = (await outcome(teacher, alone(3, [late, early]))).instances;
    const end = Math.min(text.indexOf(late), text.indexOf(early));
    expect(stopped).toMatchObject({ text: text.slice(0, end).trim(), ending: "stop" });
  });

  test("never stand in a text", async () => {
    const stop = [" of", "s a", "in th", "\n", "; "];
    const { instances } = await outcome(
      teacher,
      task({ method: hybrid(), count: 48, sampling: { stop, maxTokens: 24 } }),
    );
    expect(instances.filter(({ ending }) => ending === "stop").length).toBeGreaterThan(10);
    for (const { text } of instances) for (const string of stop) expect(text).not.toContain(string);
  });

  test("that leave nothing make a row that does not count", async () => {
    // most definitions begin with an article, some with other words
    const stop = [" a", " the", " any"];
    const { instances, report } = await outcome(teacher, task({ count: 8, sampling: { stop, maxTokens: 8 } }));
    expect(instances.length).toBe(8);
    for (const { text } of instances) expect(text).not.toBe("");
    const empty = Object.values(report.labels).reduce((sum, { rejected }) => sum + (rejected.empty ?? 0), 0);
    expect(empty).toBeGreaterThan(0);
  });
});

test.each([1, 2, 5])("maxTokens %i is the most there are", async (maxTokens) => {
  const { instances, report } = await outcome(teacher, task({ method: cross(), sampling: { maxTokens } }));
  for (const { tokens, ending } of instances) {
    expect(tokens).toBeLessThanOrEqual(maxTokens);
    if (ending === "length") expect(tokens).toBe(maxTokens);
  }
  expect(instances.some(({ ending }) => ending === "length")).toBe(true);
  expect(report.quotaMet).toBe(true);
});

test("logprobs are finite, at most 0, and only there when asked for; they change no token", async () => {
  const spec = task({ method: hybrid(), count: 16 });
  const without = await outcome(teacher, spec);
  const asked = await outcome(teacher, { ...spec, sampling: { ...spec.sampling, logprobs: true } });
  expect(words(asked)).toEqual(words(without));
  for (const instance of without.instances) expect(instance).not.toHaveProperty("logprob");
  for (const { logprob, tokens } of asked.instances) {
    expect(logprob).toBeLessThanOrEqual(0);
    // every drawn token is within plausibility 1e-3 of its row's best, which has at least 1 / V of the mass
    expect(logprob).toBeGreaterThanOrEqual(tokens * Math.log(1e-3 / teacher.info.vocabulary));
  }
});

describe("a row's contrast norms", () => {
  const normed = (method: Method, sampling: object = { contrastNorms: true }) =>
    outcome(teacher, task({ method, count: 16, sampling }));

  test("of CFG are one for each token: its contrast rows end with the row itself", async () => {
    for (const { contrastNorms, tokens } of (await normed(cfg({ kind: "cross" }))).instances) {
      expect(contrastNorms).toHaveLength(tokens);
      for (const norm of contrastNorms!) expect(norm).toBeGreaterThan(0);
    }
  });

  test("of Hybrid are one for each token until its partners, all others of its group, have ended", async () => {
    const { instances } = await normed(hybrid());
    expect(instances).toHaveLength(16); // two whole groups
    for (const { contrastNorms, tokens, group, id } of instances) {
      const others = instances.filter((other) => other.group === group && other.id !== id);
      expect(contrastNorms).toHaveLength(Math.min(tokens, Math.max(...others.map((other) => other.tokens))));
    }
  });

  test("of FewGen are none, and there is no list unless asked for; asking changes no token", async () => {
    for (const { contrastNorms } of (await normed(fewgen())).instances) expect(contrastNorms).toEqual([]);
    for (const method of [hybrid(), cfg({ kind: "intra" })]) {
      const without = await normed(method, {});
      for (const instance of without.instances) expect(instance).not.toHaveProperty("contrastNorms");
      expect(words(await normed(method))).toEqual(words(without));
    }
  });
});

test("plausibility 1 or topK = 1 leaves the most likely token alone: the seed no longer matters", async () => {
  const greedy = { maxTokens: 24, logprobs: true };
  const run = async (sampling: object) =>
    words(await outcome(teacher, task({ prompt: { shots: 0 }, sampling: { ...greedy, ...sampling } })));
  const best = await run({ plausibility: 1, seed: 1 });
  expect(await run({ plausibility: 1, seed: 2 })).toEqual(best);
  expect(await run({ topK: 1, seed: 3 })).toEqual(best);
});

test("a warm-up to the token limit leaves nothing of the contrast, and a shorter one only its beginning", async () => {
  const run = async (warmUp: number, method: Method = hybrid()) =>
    words(await outcome(teacher, task({ method, count: 16, sampling: { warmUp, maxTokens: 12, seed: 3 } })));
  const free = await run(0, fewgen({ repeat: 2 }));
  const late = await run(4);
  expect(await run(12)).toEqual(free);
  expect(late).not.toEqual(free);
  expect(late.map(({ text }) => text.slice(0, 3))).toEqual(free.map(({ text }) => text.slice(0, 3)));
  expect(late).not.toEqual(await run(0));
});

describe("contrast of the first tokens alone", () => {
  const run = async (contrastTokens: number, method: Method = hybrid()) =>
    outcome(teacher, task({ method, count: 16, sampling: { contrastTokens, maxTokens: 12, seed: 3 } }));

  test("begins as with contrast and goes on as without; at the token limit it is all", async () => {
    const whole = words(await run(1_000_000));
    const brief = words(await run(4));
    expect(words(await run(12))).toEqual(whole);
    expect(brief).not.toEqual(whole);
    expect(brief.map(({ text }) => text.slice(0, 3))).toEqual(whole.map(({ text }) => text.slice(0, 3)));
    expect(brief).not.toEqual(words(await run(1_000_000, fewgen({ repeat: 2 }))));
  });

  test("of one token Cross and CFG are the same, since no row has said anything yet", async () => {
    const strong = { contrast: 1, heat: "none" } as const;
    expect(words(await run(1, cross(strong)))).toEqual(words(await run(1, cfg({ kind: "cross", ...strong }))));
  });

  test("contrast rows of CFG are decoded for so many tokens and no more", async () => {
    const passes = async (tokens: number) => (await run(tokens, cfg({ kind: "cross" }))).report;
    const [one, all] = [await passes(1), await passes(1_000_000)];
    const beside = ({ decodedTokens, generatedTokens }: typeof one) => decodedTokens - generatedTokens;
    // 4 labels: each row has 3 contrast rows, which read the token that their row drew first
    expect(beside(one)).toBeLessThan(beside(all) / 4);
    expect(one.uncontrastedShare).toBe(0);
  });
});

describe("ends", () => {
  const ended = async (ends: "contrasted" | "kept", method: Method, sampling: object = {}) =>
    outcome(teacher, task({ method, count: 48, sampling: { ends, maxTokens: 40, stop: ["\n"], ...sampling } }));
  const unfinished = ({ instances }: Awaited<ReturnType<typeof ended>>) =>
    instances.filter(({ ending }) => ending === "length").length;
  const strong = hybrid({ intra: 0.6, cross: 0.3 });

  test("kept: texts are as long under a strong contrast as FewGen's, contrasted: longer by far", async () => {
    const length = async (ends: "contrasted" | "kept", method: Method) =>
      (await ended(ends, method)).instances.reduce((sum, { tokens }) => sum + tokens, 0);
    const free = await length("contrasted", fewgen({ repeat: 2 }));
    expect(await length("contrasted", strong)).toBeGreaterThan(1.15 * free); // 1.30
    expect(Math.abs((await length("kept", strong)) / free - 1)).toBeLessThan(0.15); // 0.98
  });

  test("kept: a token that begins with a stop text is an end, too", async () => {
    const stop = [" of", " a"]; // common words, which contrast takes away
    const stopped = async (ends: "contrasted" | "kept", method: Method) =>
      (await ended(ends, method, { stop })).instances.filter(({ ending }) => ending === "stop").length;
    const free = await stopped("kept", fewgen({ repeat: 2 }));
    expect(Math.abs((await stopped("kept", strong)) - free)).toBeLessThan(8);
  });

  test("contrasted is the default, and where contrast and heat are none, kept differs by the nucleus alone", async () => {
    const plain = { topP: 1 };
    expect(words(await outcome(teacher, task({ method: strong })))).toEqual(
      words(await outcome(teacher, task({ method: strong, sampling: { ends: "contrasted" } }))),
    );
    const [kept, contrasted] = [await ended("kept", fewgen(), plain), await ended("contrasted", fewgen(), plain)];
    expect(Math.abs(unfinished(kept) - unfinished(contrasted))).toBeLessThan(8);
  });
});

test("attributes and contexts reach the prompt: other values, other texts", async () => {
  const run = async (
    context: string,
    tone: string,
    method = fewgen() as ReturnType<typeof fewgen | typeof contextAware>,
  ) =>
    words(
      await outcome(
        teacher,
        task({
          method,
          prompt: { instruction: "{context} {tone} definition of {label}", shots: 0 },
          contexts: [{ text: context }],
          attributes: { tone: [tone] },
        }),
      ),
    );
  const garden = await run("In the garden.", "Dry");
  expect(await run("In the garden.", "Dry")).toEqual(garden);
  expect(await run("At sea.", "Dry")).not.toEqual(garden);
  expect(await run("In the garden.", "Lively")).not.toEqual(garden);
  expect(await run("In the garden.", "Dry", contextAware({ delta: 0.5 }))).not.toEqual(garden);
});
