// Scores of texts: against a model worked out in float64, against what a run says of its own rows, and what is refused.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scoreParts } from "../../../lib/engine/score.js";
import { fewgen, loadTeacher, type Score, type ScoreRequest, type Teacher } from "../../../lib/index.js";
import { outcome } from "../helpers/demo.js";
import { idsOf, RandomLlama } from "../helpers/llama.js";

let demo: Teacher;
beforeAll(async () => {
  demo = await loadTeacher("demo");
});
afterAll(() => demo.close());

function loaded(model: RandomLlama): Promise<Teacher> {
  const path = join(mkdtempSync(join(tmpdir(), "corrsynth-llama-")), "model.gguf");
  writeFileSync(path, model.file());
  return loadTeacher(path);
}

describe("random models, against float64", () => {
  const prompts = ["a film: ", "a film that is bad: ", "x"];
  const texts = ["good.", "good fun, told well.", "z", "", "a very long text of many letters, one of which is q."];
  const requests = prompts.flatMap((prompt) => texts.map((text) => ({ prompt, text })));

  test.each([1, 2, 3])("seed %i: 1e-4 a token", async (seed) => {
    const model = new RandomLlama(seed);
    await using teacher = await loaded(model);
    const scores = await teacher.score(requests, { threads: 1 });
    for (const [i, { prompt, text }] of requests.entries()) {
      const all = model.logProbabilities(idsOf(prompt + text));
      const exact = all.slice(idsOf(prompt).length - 1).reduce((a, b) => a + b, 0);
      expect(scores[i]!.tokens).toBe(text.length);
      expect(Math.abs(scores[i]!.logProbability - exact)).toBeLessThanOrEqual(1e-4 * text.length);
    }
  });
});

test("a logit that is no number is told, also that of a token in the middle of the vocabulary", async () => {
  await using teacher = await loaded(new RandomLlama(5).breakLetter("m"));
  const scores = teacher.score([{ prompt: "a", text: "b" }], { threads: 1 });
  await expect(scores).rejects.toThrow(/NaN or no finite number/);
});

describe("what prompts begin with is kept", () => {
  const shots = (label: string) => `${"good fun, told well. ".repeat(4)}${label}: `;
  const texts = ["good.", "a long text of letters."];
  const channel = ["one", "two", "three"].flatMap((label) => texts.map((text) => ({ prompt: shots(label), text })));
  const direct = texts.flatMap((text) =>
    ["one", "two"].map((label) => ({ prompt: `${shots("it")}${text}`, text: label })),
  );

  test("a score is the same bits whatever was scored before, and 1e-4 a token from float64", async () => {
    const model = new RandomLlama(6);
    await using fresh = await loaded(model);
    await using used = await loaded(model);
    const expected = new Map<typeof channel, Score[]>();
    for (const requests of [channel, direct, channel.slice(0, 3)]) {
      const scores = await fresh.score(requests, { threads: 1 });
      fresh.scorer.release();
      expected.set(requests, scores);
      for (const [i, { prompt, text }] of requests.entries()) {
        const all = model.logProbabilities(idsOf(prompt + text));
        const exact = all.slice(idsOf(prompt).length - 1).reduce((a, b) => a + b, 0);
        expect(Math.abs(scores[i]!.logProbability - exact)).toBeLessThanOrEqual(1e-4 * text.length);
      }
    }
    const calls = [...expected.keys()];
    for (const requests of [...calls, ...calls.toReversed()]) {
      expect(await used.score(requests, { threads: 1 })).toEqual(expected.get(requests));
    }
  });

  test("two calls at once take turns, beside a run on the same teacher", async () => {
    const [first, second] = [await demo.score(channel, { threads: 1 }), await demo.score(direct, { threads: 1 })];
    const run = outcome(demo, {
      labels: { animal: "an animal", plant: "a plant" },
      prompt: { instruction: "Definition of {label}", shots: 0, answer: ":" },
      method: fewgen(),
      count: 20,
      filters: false,
      engine: { threads: 1 },
    });
    const both = await Promise.all([demo.score(channel, { threads: 1 }), demo.score(direct, { threads: 1 })]);
    expect(both).toEqual([first, second]);
    expect((await run).instances).toHaveLength(20);
  });
});

test("a run's own rows have the log-probabilities that it reports: 1e-4 a token", async () => {
  await using teacher = await loaded(new RandomLlama(4));
  const { instances } = await outcome(teacher, {
    labels: { good: "good", bad: "bad" },
    prompt: { instruction: "a {label} film", shots: 0, answer: ":" },
    method: fewgen(),
    count: 40,
    filters: false,
    sampling: { logprobs: true, maxTokens: 12, seed: 7 },
    engine: { threads: 1, kvType: "f32", flashAttention: false },
  });
  const requests = instances.map(({ label, text }) => ({ prompt: `a ${label} film:`, text }));
  const scores = await teacher.score(requests, { threads: 1 });
  const whole = instances
    .map((row, i) => ({ row, score: scores[i]! }))
    .filter(({ row, score }) => {
      return row.ending === "length" && score.tokens === row.tokens; // of the others an end or a blank is not in the text
    });
  expect(whole.length).toBeGreaterThan(10);
  for (const { row, score } of whole) {
    expect(Math.abs(score.logProbability - row.logprob!)).toBeLessThanOrEqual(1e-4 * row.tokens);
  }
});

test("the order of the requests changes nothing, nor does what else is asked", async () => {
  const requests = ["an animal", "a plant"].flatMap((label) =>
    ["small rodent", "tall tree", "small"].map((text) => ({ prompt: `Definition of ${label}:`, text: ` ${text}` })),
  );
  const scores = await demo.score(requests, { threads: 1 });
  const turned = await demo.score(requests.toReversed(), { threads: 1 });
  expect(turned.toReversed()).toEqual(scores);
  const [animal, , , plant] = scores;
  expect(animal!.logProbability).toBeGreaterThan(plant!.logProbability); // a rodent is an animal
});

test("parts hold requests that begin alike, and no more tokens than they may", () => {
  const request = (place: number, tokens: number[]) => ({ place, tokens: Int32Array.from(tokens), promptTokens: 1 });
  const long = (start: number) => Array.from({ length: 2000 }, (_, i) => (i === 0 ? start : 7));
  const parts = scoreParts([
    request(0, long(3)),
    request(1, long(1)),
    request(2, [...long(1), 9]),
    request(3, long(2)),
    request(4, [...long(3), 8]),
  ]);
  expect(parts.map((part) => part.map(({ place }) => place))).toEqual([
    [1, 2, 3],
    [0, 4],
  ]);
});

test("an aborted signal stops before the next part", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(demo.score([{ prompt: "a", text: " b" }], { signal })).rejects.toThrow("enough");
});

test("progress counts up to all requests", async () => {
  const seen: number[] = [];
  const requests = Array.from({ length: 40 }, (_, i) => ({ prompt: `Text ${i}:`, text: " tall".repeat(120) }));
  await demo.score(requests, { threads: 1, onProgress: (done) => void seen.push(done) });
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(40);
});

describe("refusals", () => {
  const right = { prompt: "a", text: "b" };
  const long = { prompt: "a", text: " tall".repeat(3000) };
  const wrong: [string, unknown, object, RegExp][] = [
    ["no list", "a", {}, /Expected a list of requests, received "a"/],
    ["a blank prompt", [right, { prompt: "", text: "b" }], {}, /requests\[1\]: Expected \{ prompt, text \}/],
    ["no text", [{ prompt: "a" }], {}, /requests\[0\]/],
    ["no request", [null], {}, /requests\[0\].*received null/],
    ["threads", [right], { threads: 0 }, /threads: Expected an integer of 1\.\.512, received 0/],
    ["too long", [right, long, long], {}, /requests\[1\]: Expected at most \d+ tokens.*and so for 1 more/],
  ];
  test.each(wrong)("%s", async (_, requests, options, message) => {
    await expect(demo.score(requests as ScoreRequest[], options)).rejects.toThrow(message);
  });

  test("a closed teacher, also while it works", async () => {
    const teacher = await loadTeacher("demo");
    const many = Array.from({ length: 60 }, (_, i) => ({ prompt: `Text ${i}:`, text: " tall".repeat(100) }));
    const begun = [teacher.score(many, { threads: 1 }), teacher.score(many, { threads: 1 })].map((scores) =>
      expect(scores).rejects.toThrow(/closed/),
    );
    await teacher.countTokens(["a"]); // by then both have begun
    await teacher.close();
    await Promise.all(begun);
    await expect(teacher.score([right])).rejects.toThrow(/closed/);
  });
});
