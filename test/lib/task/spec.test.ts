import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InvalidConfigError } from "../../../lib/errors.js";
import { cfg, contextAware, cross, fewgen, fewgenMatched, hybrid, intra } from "../../../lib/methods/methods.js";
import { specSchema } from "../../../lib/task/schema.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const base = {
  labels: { animal: "an animal", plant: "a plant" },
  prompt: { instruction: "Definition of {label}", answer: ":" },
  seeds: "seeds.jsonl",
  count: 5,
};
const raw = { ...base.prompt, shots: 0 };

function issuesOf(input: unknown) {
  try {
    resolveSpec(input);
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.issues;
    throw error;
  }
  return [];
}

const chat = { ...base.prompt, format: "chat" };
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

test("examples are turns in a chat and text without, unless the task says otherwise", () => {
  const examples = (prompt: object) => resolveSpec({ ...base, prompt }).prompt.examples;
  expect(examples(base.prompt)).toBe("text");
  expect(examples(chat)).toBe("turns");
  expect(examples({ ...chat, examples: "text" })).toBe("text");
});

test("a chat keeps its system message, also an empty one, its arguments and its template", () => {
  const own = {
    system: "",
    templateArguments: { a: deep(20), b: null, c: { d: [true, 1.5, "e"] } },
    template: "t.jinja",
  };
  expect(resolveSpec({ ...base, prompt: { ...chat, ...own } }).prompt).toMatchObject(own);
  const inline = { jinja: "{{ messages }}" };
  expect(resolveSpec({ ...base, prompt: { ...chat, template: inline } }).prompt.template).toEqual(inline);
  const blank = { ...chat, instruction: "", examples: "text" };
  expect(resolveSpec({ ...base, prompt: blank }).prompt.instruction).toBe(""); // the examples are there
});

test("contexts have rules for how they are dealt, and labels values of their own", () => {
  const prompt = { instruction: "{style} of {context}", shots: 0 };
  const attributes = { style: { animal: ["a"], plant: ["b"] } };
  const resolved = (contexts: unknown) => resolveSpec({ ...base, prompt, attributes, contexts });
  expect(resolved("c.jsonl")).toMatchObject({ attributes, contexts: "c.jsonl" });
  expect(resolved("c.jsonl").contextDeal).toEqual({ once: false, perGroup: false });
  const { contexts, contextDeal } = resolved({ from: "c.jsonl", once: true });
  expect([contexts, contextDeal]).toEqual(["c.jsonl", { once: true, perGroup: false }]);
});

test("the default method contrasts labels; one alone has none to be contrasted with", () => {
  expect(resolveSpec({ ...base, labels: ["a", "b"], count: 2 }).method).toEqual(cross({ contrast: 0.5, heat: "none" }));
  expect(resolveSpec({ ...base, labels: ["a"], count: 2 }).method).toEqual(fewgen());
});

test("a short task comes to a full one", () => {
  expect(resolveSpec(base)).toEqual({
    labels: [
      { name: "animal", verbalization: "an animal" },
      { name: "plant", verbalization: "a plant" },
    ],
    prompt: {
      instruction: "Definition of {label}",
      answer: ":",
      shots: 3,
      format: "raw",
      examples: "text",
      separator: "\n\n",
    },
    seeds: "seeds.jsonl",
    attributes: {},
    method: cross({ contrast: 0.5, heat: "none" }),
    count: [3, 2],
    sampling: {
      topP: 0.9,
      topK: 0,
      plausibility: 1e-3,
      temperature: 1,
      maxTokens: 160,
      stop: [],
      seed: 0,
      warmUp: 0,
      contrastTokens: 1_000_000,
      ends: "contrasted",
      logprobs: false,
      contrastNorms: false,
    },
    filters: {
      reasoning: true,
      clean: true,
      unfinished: "cut",
      minTokens: 0,
      minWords: 0,
      assistant: true,
      runOns: true,
      repetition: true,
      script: true,
      hint: true,
      reject: [],
      require: [],
      copies: true,
      duplicates: true,
      nearDuplicates: 0.9,
      keepRejected: false,
    },
    engine: {
      groups: "auto",
      reproducible: false,
      batchSize: 512,
      promptReuse: 1,
      kvType: "f16",
      flashAttention: "auto",
    },
    longSeeds: "error",
    limits: { maxGroups: 30 },
  });
});

test("a resolved task survives JSON, also with a seed above 2^53", () => {
  const spec = resolveSpec({ ...base, sampling: { seed: 2n ** 64n - 1n } });
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  expect(spec.sampling.seed).toBe("18446744073709551615");
  expect(resolveSpec({ ...base, sampling: { seed: "7" } }).sampling.seed).toBe(7);
});

test("an iterable of seeds is passed through unread", () => {
  const seeds = [{ text: "t", label: "animal" }];
  expect(resolveSpec({ ...base, seeds }).seeds).toBe(seeds);
});

test("labels may be names or pairs", () => {
  const labels = [
    { name: "a", verbalization: "a" },
    { name: "b", verbalization: "B" },
  ];
  expect(resolveSpec({ ...base, labels: ["a", ["b", "B"]] }).labels).toEqual(labels);
});

test("counts and the group limit", () => {
  //               count, repeat, wanted, maxGroups
  const table: [unknown, number, number[], number][] = [
    [1, 2, [1, 0], 20],
    [200, 2, [100, 100], 500],
    [{ plant: 7, animal: 0 }, 2, [0, 7], 40],
  ];
  for (const [count, repeat, wanted, maxGroups] of table) {
    expect(resolveSpec({ ...base, count, method: hybrid({ repeat }) })).toMatchObject({
      count: wanted,
      limits: { maxGroups },
    });
  }
});

test("everything that is wrong is told at once", () => {
  const issues = issuesOf({
    labels: { animal: "it", plant: "it" },
    prompt: { instruction: "{lable} {context}" },
    method: { name: "cross", delta: 2, repeat: "x" },
    count: 0,
    sampling: { top_p: 0.5, topP: 2 },
    engin: {},
  });
  expect(issues.map(({ path }) => path).sort()).toEqual(
    [
      "",
      "contexts",
      "count",
      "labels.plant",
      "method.delta",
      "method.repeat",
      "prompt.instruction",
      "sampling",
      "sampling.topP",
      "seeds",
    ].sort(),
  );
});

describe("refusals", () => {
  //                change                                                path                     message
  const about = { prompt: { ...raw, instruction: "{label} {context}" } };
  const refused: [Record<string, unknown>, string, string][] = [
    // near misses: what was likely meant is said
    [{ method: "hybrid" }, "method", 'received "hybrid": write { name: hybrid }, with its settings beside it'],
    [{ method: { type: "hybrid" } }, "method.name", "received nothing: write { name: hybrid }"],
    [{ method: { cross: { delta: 0.9 } } }, "method.name", "received nothing: write { name: cross }"],
    [{ method: { name: "fewgen-matched", match: "cross" } }, "method.match", "write { name: cross }"],
    [{ prompt: "Write {label}" }, "prompt", 'received "Write {label}" (its fields: instruction, answer, shots, format'],
    [{ sampling: { stop: "\n" } }, "sampling.stop", 'Expected a list, received "\\n": write ["\\n"]'],
    [{ sampling: { maxTokens: "48" } }, "sampling.maxTokens", 'received "48": write it without quotation marks'],
    [{ engine: { reproducible: "yes" } }, "engine.reproducible", 'Expected true or false, received "yes": write true'],
    [{ engine: { reproducible: "off" } }, "engine.reproducible", 'received "off": write false'],
    [{ sampling: { topP: null } }, "sampling.topP", "received null: give it a value, or leave the field out"],
    [{ labels: {} }, "labels", "Expected at least 1 label"],
    [{ labels: 5 }, "labels", "Expected an object name -> verbalization"],
    [{ labels: { a: 1 } }, "labels.a", "Expected a text, received 1"],
    [{ labels: ["a", null] }, "labels[1]", "Expected a name or a pair"],
    [{ labels: ["a", ["b"]] }, "labels[1]", ""],
    [{ labels: ["a", "a"] }, "labels.a", "once"],
    [{ labels: { a: "x", b: " x" } }, "labels.b", 'as for "a"'],
    [{ labels: { a: " ", b: "x" } }, "labels.a", "Expected a verbalization"],
    [{ labels: ["a", " "] }, 'labels[" "]', "Expected a name"],
    [{ labels: ["a", "b\nc"] }, 'labels["b\\nc"]', "without control characters"],
    [{ labels: ["a", "b".repeat(201)] }, `labels.${"b".repeat(201)}`, "at most 200 characters, received 201"],
    [{ labels: JSON.parse('{"a": "x", "__proto__": "y"}') }, "labels.__proto__", "other than"],
    [{ prompt: undefined }, "prompt", "missing"],
    [{ prompt: { ...base.prompt, shots: -1 } }, "prompt.shots", "at least 0"],
    [{ prompt: { ...base.prompt, format: "chta" } }, "prompt.format", 'Expected "raw" or "chat", received "chta"'],
    [{ prompt: { ...base.prompt, system: "s" } }, "prompt.system", 'format "chat"'],
    [{ prompt: { ...base.prompt, system: "" } }, "prompt.system", 'format "chat"'],
    [{ prompt: { ...base.prompt, examples: "turns" } }, "prompt.examples", 'Expected "text" with format "raw"'],
    [{ prompt: { ...chat, examples: "shots" } }, "prompt.examples", 'Expected "turns" or "text", received "shots"'],
    [{ prompt: { ...base.prompt, template: "t.jinja" } }, "prompt.template", 'format "chat"'],
    [{ prompt: { ...chat, template: "" } }, "prompt.template", "an empty text"],
    [{ prompt: { ...chat, template: 5 } }, "prompt.template", "Expected a path, or { jinja: a template }, received 5"],
    [{ prompt: { ...chat, template: { jinja: "x".repeat(2 ** 20 + 1) } } }, "prompt.template.jinja", "at most 1048576"],
    [{ prompt: { ...chat, instruction: " " } }, "prompt.instruction", "what the user says in each turn"],
    [{ prompt: { ...base.prompt, templateArguments: {} } }, "prompt.templateArguments", 'format "chat"'],
    [{ prompt: { ...chat, templateArguments: [1] } }, "prompt.templateArguments", "Expected an object"],
    [
      { prompt: { ...chat, templateArguments: { messages: [] } } },
      "prompt.templateArguments.messages",
      "given by corrsynth itself",
    ],
    [
      { prompt: { ...chat, templateArguments: { "a b": 1 } } },
      'prompt.templateArguments["a b"]',
      "letters, digits and _",
    ],
    [{ prompt: { ...chat, templateArguments: { a: () => 1 } } }, "prompt.templateArguments.a", "Expected a JSON value"],
    [
      { prompt: { ...chat, templateArguments: { a: new Map() } } },
      "prompt.templateArguments.a",
      "Expected a JSON value",
    ],
    [
      { prompt: { ...chat, templateArguments: { a: deep(21) } } },
      "prompt.templateArguments.a",
      "nested 20 deep at most",
    ],
    [
      { prompt: { ...chat, templateArguments: { a: "x".repeat(100_000) } } },
      "prompt.templateArguments",
      "at most 100000 characters of JSON",
    ],
    [
      { prompt: { instruction: "{lable}" } },
      "prompt.instruction",
      'Unknown placeholder {lable}, did you mean "label"?',
    ],
    [{ prompt: { instruction: "{label} {" } }, "prompt.instruction", 'a lone "{" at character 9'],
    [{ prompt: { instruction: "{label} }" } }, "prompt.instruction", 'a lone "}"'],
    [
      { prompt: { ...base.prompt, withoutContext: "{context}" } },
      "prompt.withoutContext",
      "Unknown placeholder {context}",
    ],
    [
      { prompt: { instruction: " ", shots: 0 }, labels: ["a"], method: intra() },
      "prompt.instruction",
      "would be empty",
    ],
    [{ prompt: { instruction: "Write", shots: 0 } }, "prompt.instruction", "Expected {label}"],
    [{ seeds: undefined }, "seeds", "Expected seeds for 3"],
    [{ seeds: 5 }, "seeds", "Expected a path, or { from: a path }, received 5"],
    [{ seeds: "" }, "seeds", "an empty text"],
    [{ attributes: { style: [] } }, "attributes.style", "at least 1 entry"],
    [{ attributes: { style: ["a", " "] } }, "attributes.style[1]", "Expected a text"],
    [
      { attributes: { style: 5 } },
      "attributes.style",
      "Expected a list of values, or an object label -> list of values",
    ],
    [{ attributes: { of: { animal: [], plant: ["a"] } } }, "attributes.of.animal", "at least 1 entry"],
    [{ attributes: { of: { animal: ["a"] } } }, "attributes.of.plant", "it is missing: give one for each label"],
    [
      { attributes: { of: { animal: ["a"], plant: ["a"], plants: ["a"] } } },
      "attributes.of",
      'Unknown label "plants", did you mean "plant"?',
    ],
    [{ attributes: { label: ["a"] } }, "attributes.label", "a meaning of its own"],
    [{ attributes: { "a b": ["a"] } }, 'attributes["a b"]', "letters"],
    [{ prompt: { ...raw, instruction: "{label} {context}" } }, "contexts", "Expected texts"],
    [{ contexts: "c.jsonl" }, "contexts", "Expected none"],
    [{ ...about, contexts: 5 }, "contexts", "Expected a path, or { from: a path }, received 5"],
    [
      { ...about, contexts: { from: "c.jsonl", oncee: true } },
      "contexts",
      'Unknown field "oncee", did you mean "once"?',
    ],
    [{ ...about, contexts: { once: true } }, "contexts.from", "Expected a text, received nothing"],
    [
      { prompt: { instruction: "{context}", shots: 0 }, contexts: { from: "c.jsonl", perGroup: true } },
      "prompt.instruction",
      "Expected {label}",
    ],
    [{ method: contextAware() }, "method", "put {context}"],
    [{ method: cross(), labels: ["a"] }, "method", '"cross" finds no row to contrast with, for 1 label and "repeat" 1'],
    [{ method: intra({ repeat: 1 }) }, "method", 'raise "repeat" to 2'],
    [{ method: hybrid({ repeat: 2, intra: 0 }), labels: ["a"] }, "method", 'use "intra"'],
    [{ method: fewgenMatched({ match: intra({ repeat: 1 }) }) }, "method.match", "finds no row"],
    [{ method: { name: "matrix", weights: [[0]] } }, "method.weights", "Expected 2 x 2 weights"],
    [{ method: cross({ repeat: 600 }) }, "method.repeat", "at most 256 rows in a group, received 600"],
    [{ method: cfg({ kind: "intra", repeat: 17 }) }, "method.repeat", "received 289, contrast rows included"],
    [{ method: cfg({ kind: "hybrid", repeat: 12 }) }, "method.repeat", "received 288, contrast rows included"],
    [{ method: cfg({ kind: "cross", repeat: 16 }) }, "method.repeat", "received 272, contrast rows included"],
    [{ method: cfg({ kind: "prompt", repeat: 129 }) }, "method.repeat", "received 258, contrast rows included"],
    [{ method: cfg({ kind: "prompt", negative: "{lable}" }) }, "method.negative", 'did you mean "label"?'],
    [{ method: cfg({ kind: "prompt", negative: "{" }) }, "method.negative", 'a lone "{" at character 1'],
    [{ method: cfg({ kind: "prompt", negative: "{context}" }) }, "contexts", "Expected texts"],
    [{ method: { name: "cross", negative: "" } }, "method", 'Unknown field "negative"'],
    [{ method: cross({ repeat: 200, labelsPerGroup: 2 }) }, "method.labelsPerGroup", "received 400"],
    [{ method: cross({ labelsPerGroup: 1 }) }, "method", 'for 1 label a group and "repeat" 1'],
    [{ count: 0 }, "count", "at least 1, received 0"],
    [{ count: 1.5 }, "count", "an integer of at least 1"],
    [{ count: { animal: 1 } }, "count.plant", "missing"],
    [{ count: { animal: 0, plant: 0 } }, "count", "over all labels, received 0"],
    [{ count: { animal: 1, plant: -1 } }, "count.plant", "at least 0"],
    [{ count: { animal: 1, plant: 1, plants: 1 } }, "count", 'Unknown label "plants", did you mean "plant"?'],
    [{ sampling: { top_p: 0.9 } }, "sampling", 'Unknown field "top_p", did you mean "topP"?'],
    [{ sampling: { contrastTokens: 0 } }, "sampling.contrastTokens", "at least 1"],
    [
      { sampling: { warmUp: 3, contrastTokens: 3 } },
      "sampling.contrastTokens",
      "more than sampling.warmUp, which is 3, received 3",
    ],
    [{ sampling: { warmUp: 3, contrastNorms: true } }, "sampling.warmUp", "0 with sampling.contrastNorms, received 3"],
    [{ sampling: { topP: 0 } }, "sampling.topP", "more than 0"],
    [{ sampling: { topP: 1.01 } }, "sampling.topP", "at most 1"],
    [{ sampling: { topP: Number.NaN } }, "sampling.topP", "received NaN"],
    [{ sampling: { plausibility: 1.1 } }, "sampling.plausibility", "at most 1"],
    [{ sampling: { temperature: 0 } }, "sampling.temperature", "more than 0"],
    [{ sampling: { temperature: Number.POSITIVE_INFINITY } }, "sampling.temperature", "received Infinity"],
    [{ sampling: { maxTokens: 0 } }, "sampling.maxTokens", "at least 1"],
    [{ sampling: { stop: [""] } }, "sampling.stop[0]", "an empty text"],
    [{ sampling: { seed: -1 } }, "sampling.seed", "at least 0"],
    [{ sampling: { seed: -1n } }, "sampling.seed", "0..2^53-1"],
    [{ sampling: { seed: 2n ** 64n } }, "sampling.seed", "at most 2^64-1"],
    [{ sampling: { seed: "x" } }, "sampling.seed", "digits in quotes"],
    [
      { sampling: { plausibility: 0 }, method: cross({ delta: 0 }) },
      "sampling.plausibility",
      "total contrast of gamma",
    ],
    [{ engine: { contextSize: 160 } }, "engine.contextSize", "more than sampling.maxTokens (160)"],
    [{ engine: { groups: 0 } }, "engine.groups", "at least 1, received 0"],
    [{ engine: { groups: "many" } }, "engine.groups", '"auto" or an integer'],
    [{ engine: { promptReuse: 0 } }, "engine.promptReuse", "at least 1, received 0"],
    [{ engine: { threads: 513 } }, "engine.threads", "at most 512"],
    [{ limits: { maxGroups: 0 } }, "limits.maxGroups", "at least 1"],
    [{ lables: [] }, "", 'Unknown field "lables", did you mean "labels"?'],
  ];
  for (const [change, path, message] of refused) {
    test(`${path || "an unknown field"}: ${message || "its shape"}`, () => {
      expect(issuesOf({ ...base, ...change })).toEqual([{ path, message: expect.stringContaining(message) }]);
    });
  }

  test("160,000 wrong fields at once, more than a call has room for arguments", () => {
    const weights = Array.from({ length: 400 }, () => Array<string>(400).fill("x"));
    expect(issuesOf({ ...base, method: { name: "matrix", weights } })).toHaveLength(160_000);
  });

  test.each([null, 5, "task", []])("no task at all: %j", (input) => {
    expect(issuesOf(input)).toMatchObject([{ path: "", message: expect.stringContaining("Expected a task object") }]);
  });
});

test("the schema makes a JSON Schema that knows fields, defaults and ranges", () => {
  expect(z.toJSONSchema(specSchema, { io: "input" })).toMatchObject({
    required: ["labels", "prompt", "count"],
    additionalProperties: false,
    properties: {
      sampling: { properties: { topP: { default: 0.9, exclusiveMinimum: 0, maximum: 1 } } },
      method: { oneOf: Array(14).fill({ type: "object", additionalProperties: false }) },
    },
  });
});
