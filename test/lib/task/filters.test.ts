import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidConfigError } from "../../../lib/errors.js";
import { specSchema } from "../../../lib/task/schema.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const base = { labels: ["a", "b"], prompt: { instruction: "{label}", shots: 0 }, count: 2 };

function issuesOf(filters: unknown, sampling = {}): string[] {
  try {
    resolveSpec({ ...base, filters, sampling });
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test("false turns all of them off, and every setting shows", () => {
  expect(resolveSpec({ ...base, filters: false }).filters).toEqual({
    reasoning: false,
    clean: false,
    unfinished: "keep",
    minTokens: 0,
    minWords: 0,
    assistant: false,
    runOns: false,
    repetition: false,
    script: false,
    hint: false,
    reject: [],
    require: [],
    copies: false,
    duplicates: false,
    nearDuplicates: false,
    keepRejected: false,
  });
});

test("patterns come to their full form", () => {
  const { reject, require } = resolveSpec({
    ...base,
    filters: { reject: ["a+", { pattern: "b", flags: "i" }], require: [{ name: "n", pattern: "c" }, "d"] },
  }).filters;
  expect(reject).toEqual([
    { name: "reject /a+/", pattern: "a+", flags: "" },
    { name: "reject /b/i", pattern: "b", flags: "i" },
  ]);
  expect(require.map(({ name }) => name)).toEqual(["n", "require /d/"]);
});

test("everything that is wrong is told at once, with its path", () => {
  const wrong = {
    unfinished: "cat",
    minTokens: -1,
    maxWords: 0,
    nearDuplicates: 0.2,
    duplicates: "yes",
    reject: ["(", { pattern: "a", flags: "g" }, { pattern: "[", flags: "i" }, { name: "", pattern: "a" }, 5, "(?=a)"],
    accept: "a text",
    minWord: 3,
  };
  const issues = issuesOf(wrong);
  for (const expected of [
    /^filters\.unfinished: Expected "keep" or "drop" or "cut", received "cat"/,
    /^filters\.minTokens: Expected at least 0, received -1/,
    /^filters\.maxWords: Expected at least 1, received 0/,
    /^filters\.nearDuplicates: Expected at least 0.5, received 0.2/,
    /^filters\.duplicates: Expected true or false, received "yes"/,
    /^filters\.reject\[0\]: Expected a regular expression of RE2, received "\(" \(/,
    /^filters\.reject\[1\]\.flags: Expected flags of i, m and s, received "g"/,
    /^filters\.reject\[2\]\.pattern: Expected a regular expression of RE2, received "\[" \(/,
    /^filters\.reject\[3\]\.name: Expected a name of 1 to 60 characters/,
    /^filters\.reject\[4\]: Expected a regular expression or an object/,
    /^filters\.reject\[5\]: .* received "\(\?=a\)" \(.*\): RE2 has no lookaround and no backreferences, in the API/,
    /^filters\.accept: Expected a function, received "a text"/,
    /^filters: Unknown field "minWord", did you mean "minWords"\?/,
  ]) {
    expect(issues).toContainEqual(expect.stringMatching(expected));
  }
  expect(issues).toHaveLength(13);
});

test("limits that contradict each other, or that no row can keep", () => {
  expect(issuesOf({ minTokens: 5, maxTokens: 4, minWords: 3, maxWords: 2 })).toEqual([
    "filters.minTokens: Expected at most filters.maxTokens (4), received 5",
    "filters.minWords: Expected at most filters.maxWords (2), received 3",
  ]);
  expect(issuesOf({ minTokens: 9 }, { maxTokens: 8 })).toEqual([
    "filters.minTokens: Expected at most sampling.maxTokens (8), received 9",
  ]);
  expect(issuesOf({ minTokens: 8, maxTokens: 8, minWords: 2, maxWords: 2 }, { maxTokens: 8 })).toEqual([]);
});

test("what is neither an object nor false is refused", () => {
  for (const wrong of [true, 5, "none", null, []]) {
    expect(issuesOf(wrong)[0], String(wrong)).toMatch(
      /^filters: Expected an object, or false for no filters, received /,
    );
  }
});

test("a function shows in JSON, as which is not said, and is the one that was given", () => {
  const { filters } = resolveSpec({ ...base, filters: { accept: ({ text }: { text: string }) => text === "yes" } });
  expect(JSON.parse(JSON.stringify(filters))).toMatchObject({ accept: "function", unfinished: "cut" });
  expect(filters.accept?.({ text: "yes" } as never)).toBe(true);
  expect(filters.accept?.({ text: "no" } as never)).toBe(false);
});

test("the JSON Schema has the fields that a file may have", () => {
  const schema = z.toJSONSchema(specSchema, { io: "input" });
  const { anyOf } = schema.properties!.filters as { anyOf: { properties?: Record<string, unknown> }[] };
  const fields = anyOf.flatMap(({ properties }) => Object.keys(properties ?? {}));
  expect(fields).toContain("nearDuplicates");
  expect(fields).not.toContain("accept");
});
