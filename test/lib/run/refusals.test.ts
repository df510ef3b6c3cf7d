// What is wrong with a task is told before its first token, by class, code and a text that says what to do. (What each
// field may hold: spec.test.ts. Files that are no models: teacher.test.ts.)
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConfigIssue, CorrSynthError, PromptTooLongError, SynthesisSpec, Teacher } from "../../../lib/index.js";
import {
  cfg,
  contextAware,
  coupling,
  cross,
  fewgen,
  hybrid,
  intra,
  loadTeacher,
  plan,
  synthesize,
} from "../../../lib/index.js";
import { outcome, seeds, seedsOf, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

/** The error, wherever it comes from, after a check that nothing was yielded before it. */
async function refusal(spec: unknown, signal?: AbortSignal) {
  let yielded = 0;
  let caught: unknown;
  try {
    const run = synthesize(teacher, spec as SynthesisSpec, { signal });
    try {
      for await (const _ of run) yielded++;
    } catch (error) {
      caught = error;
    }
    await expect(run.finished).rejects.toBe(caught);
  } catch (error) {
    caught ??= error;
  }
  expect(yielded).toBe(0);
  return caught as CorrSynthError & { issues?: readonly ConfigIssue[] };
}

describe("a wrong field is told at once, by its path", () => {
  const wrong: [string, object, string, RegExp][] = [
    ["gamma 0", { method: cross({ gamma: 0 }) }, "method.gamma", /more than 0, received 0/],
    ["gamma NaN", { method: cross({ gamma: Number.NaN }) }, "method.gamma", /finite number, received NaN/],
    ["gamma infinite", { method: cross({ gamma: Infinity }) }, "method.gamma", /received Infinity/],
    [
      "delta above gamma",
      { method: cross({ delta: 1.4 }) },
      "method.delta",
      /between 0 and "gamma" \(1\), received 1.4/,
    ],
    ["delta below 0", { method: intra({ delta: -0.1 }) }, "method.delta", /at least 0, received -0.1/],
    ["delta NaN", { method: cfg({ kind: "cross", delta: Number.NaN }) }, "method.delta", /received NaN/],
    ["intra + cross above gamma", { method: hybrid({ intra: 0.8, cross: 0.3 }) }, "method.intra", /at most "gamma"/],
    ["intra NaN", { method: hybrid({ intra: Number.NaN }) }, "method.intra", /received NaN/],
    ["a weight below 0", { method: coupling({ weights: [[-1]] }) }, "method.weights[0][0]", /at least 0, received -1/],
    ["a weight NaN", { method: coupling({ weights: [[Number.NaN]] }) }, "method.weights[0][0]", /received NaN/],
    ["a matrix of another size", { method: coupling({ weights: [[0]] }) }, "method.weights", /4 x 4 weights/],
    ["intra with one repeat", { method: intra({ repeat: 1 }) }, "method", /raise "repeat" to 2/],
    ["alpha above 1", { sampling: { plausibility: 1.5 } }, "sampling.plausibility", /at most 1, received 1.5/],
    ["alpha NaN", { sampling: { plausibility: Number.NaN } }, "sampling.plausibility", /received NaN/],
    [
      "alpha 0 with delta 0",
      { sampling: { plausibility: 0 }, method: cross({ delta: 0 }) },
      "sampling.plausibility",
      /raise plausibility or delta/,
    ],
    ["top-p 0", { sampling: { topP: 0 } }, "sampling.topP", /more than 0, received 0/],
    ["top-p above 1", { sampling: { topP: 1.01 } }, "sampling.topP", /at most 1, received 1.01/],
    ["top-p NaN", { sampling: { topP: Number.NaN } }, "sampling.topP", /received NaN/],
    ["temperature 0", { sampling: { temperature: 0 } }, "sampling.temperature", /more than 0, received 0/],
    ["temperature NaN", { sampling: { temperature: Number.NaN } }, "sampling.temperature", /received NaN/],
    ["maxTokens 0", { sampling: { maxTokens: 0 } }, "sampling.maxTokens", /at least 1, received 0/],
    ["an empty stop string", { sampling: { stop: [""] } }, "sampling.stop[0]", /at least 1 character/],
    ["count 0", { count: 0 }, "count", /at least 1, received 0/],
    ["count 0 for all", { count: { animal: 0, plant: 0, food: 0, person: 0 } }, "count", /at least 1 instance/],
    ["no labels", { labels: {} }, "labels", /at least 1 label/],
    ["a label twice", { labels: ["animal", "animal"] }, "labels.animal", /every label once/],
    [
      "a verbalization twice",
      { labels: { a: "same", b: "same" } },
      "labels.b",
      /of its own, received "same" as for "a"/,
    ],
    ["no seeds", { seeds: undefined }, "seeds", /give a path, or set prompt.shots to 0/],
    ["an unknown field", { samplng: {} }, "", /Unknown field "samplng", did you mean "sampling"\?/],
    ["an unknown field within", { sampling: { top_p: 0.9 } }, "sampling", /"top_p", did you mean "topP"\?/],
    [
      "an unknown method",
      { method: { name: "hybird" } },
      "method.name",
      /Unknown name "hybird", did you mean "hybrid"\?/,
    ],
    [
      "an unknown placeholder",
      { prompt: { instruction: "Definition of {lable}" } },
      "prompt.instruction",
      /Unknown placeholder \{lable\}, did you mean "label"\?/,
    ],
    ["a lone brace", { prompt: { instruction: "{label} {" } }, "prompt.instruction", /"\{\{" for a literal brace/],
    ["a context-aware prompt without context", { method: contextAware() }, "method", /put \{context\} into/],
  ];
  test.each(wrong)("%s", async (_, change, path, message) => {
    const error = await refusal({ ...task(), ...change });
    expect(error).toMatchObject({ name: "InvalidConfigError", code: "CORRSYNTH_INVALID_CONFIG" });
    const issue = error.issues?.find((issue) => issue.path === path);
    expect(issue?.message, JSON.stringify(error.issues)).toMatch(message);
  });

  test("several come in one error, a line each", async () => {
    const error = await refusal({
      ...task({ method: cross({ delta: 2 }) }),
      count: 0,
      labels: ["a", "a"],
      sampling: { topP: 2, temperature: -1 },
      colour: "red",
    });
    const paths = error.issues?.map(({ path }) => path);
    for (const path of ["labels.a", "method.delta", "count", "sampling.topP", "sampling.temperature", ""]) {
      expect(paths).toContain(path);
    }
    expect(error.message.split("\n").length).toBe(error.issues?.length);
  });

  test("before anything is iterated", () => {
    expect(() => synthesize(teacher, { ...task(), count: 0 })).toThrow(/count: Expected at least 1, received 0/);
  });
});

describe("what only seeds and model show rejects before the first instance", () => {
  const lacking: [string, SynthesisSpec, string, RegExp][] = [
    [
      "a label without seeds",
      task({ seeds: seedsOf("animal", "plant", "food") }),
      "labels.person",
      /set prompt.shots to 0/,
    ],
    [
      "a seed of another label",
      task({ seeds: [{ label: "plantt", text: "x" }] }),
      "seeds[0]",
      /did you mean "plant"\?/,
    ],
    [
      "an empty seed",
      task({ seeds: [...seeds, { label: "food", text: " " }] }),
      `seeds[${seeds.length}]`,
      /"text" to be a text/,
    ],
    ["seeds that cannot be read", task({ seeds: "no-such-seeds.jsonl" }), "seeds", /no such file/],
    [
      "a label without contexts",
      task({
        prompt: { instruction: "{context} {label}", shots: 0 },
        contexts: ["animal", "plant", "food"].map((label) => ({ label, text: "x" })),
      }),
      "labels.person",
      /add contexts of this label/,
    ],
    ["a chat without a chat template", task({ prompt: { format: "chat" } }), "prompt.format", /no chat template/],
  ];
  test.each(lacking)("%s", async (_, spec, path, message) => {
    const error = await refusal(spec);
    expect(error.code).toBe("CORRSYNTH_INVALID_CONFIG");
    expect(error.issues?.find((issue) => issue.path === path)?.message, error.message).toMatch(message);
  });

  test("seeds that throw when they are read", async () => {
    async function* broken() {
      yield seeds[0]!;
      throw new Error("the database is gone");
    }
    expect((await refusal(task({ seeds: broken() }))).message).toBe("the database is gone");
  });

  test("over 256 rows in the groups asked for", async () => {
    expect(await refusal(task({ method: fewgen(), engine: { threads: 1, groups: 65 } }))).toMatchObject({
      name: "ContextFullError",
      code: "CORRSYNTH_CONTEXT_FULL",
      message: expect.stringMatching(/at most 256 rows in a context, received .*: lower "repeat"/),
    });
  });

  test("256 rows are not too many", async () => {
    const method = fewgen({ repeat: 64 });
    const { instances } = await outcome(teacher, task({ method, count: 256, sampling: { maxTokens: 2 } }));
    expect(instances.length).toBe(256);
  });
});

describe("a prompt that does not fit is an error with its label, never cut", () => {
  const long = "very ".repeat(2100);
  const tooLong: [string, SynthesisSpec, object][] = [
    [
      "into the context asked for",
      task({ engine: { contextSize: 30 }, prompt: { shots: 3 } }),
      { label: "animal", maxTokens: 24, contextSize: 30 },
    ],
    [
      "into what the model was trained for",
      task({ seeds: [...seeds, { label: "food", text: long, id: "long" }] }),
      { label: "food", maxTokens: 24, contextSize: 2048 },
    ],
    [
      "since maxTokens takes the room",
      task({ sampling: { maxTokens: 2047 } }),
      { label: "animal", maxTokens: 2047, contextSize: 2048 },
    ],
    [
      "with its context",
      task({
        prompt: { instruction: "{context} {label}", shots: 0 },
        contexts: [{ text: "short" }, { text: long, label: "plant" }],
      }),
      { label: "plant", contextSize: 2048 },
    ],
  ];
  test.each(tooLong)("%s", async (_, spec, facts) => {
    const error = await refusal(spec);
    expect(error).toMatchObject({ name: "PromptTooLongError", code: "CORRSYNTH_PROMPT_TOO_LONG", ...facts });
    expect(error.message).toMatch(/lower prompt.shots or sampling.maxTokens/);
    const { promptTokens, maxTokens, contextTrain } = error as PromptTooLongError;
    expect(error.message.includes("raise engine.contextSize")).toBe(promptTokens + maxTokens <= contextTrain);
  });

  test("one that fits to the last token is none", async () => {
    const sized = (contextSize: number) => task({ prompt: { shots: 0 }, count: 4, engine: { contextSize } });
    const { longestPrompts } = await plan(teacher, sized(256));
    const needed = Math.max(...Object.values(longestPrompts)) + 24;
    expect((await outcome(teacher, sized(needed))).instances.length).toBe(4);
    expect(await refusal(sized(needed - 1))).toMatchObject({ contextSize: needed - 1, promptTokens: needed - 24 });
  });
});

test.each([
  ["its reason", new Error("not today")],
  ["any reason", "a text"],
])("an aborted signal: rejects with %s", async (_, reason) => {
  expect(await refusal(task(), AbortSignal.abort(reason))).toBe(reason);
});
