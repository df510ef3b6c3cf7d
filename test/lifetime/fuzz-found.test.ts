// What fuzz-files.mjs found: each of these once ended a command, or the process, in another way than in words.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { InvalidConfigError } from "../../lib/errors.js";
import { readSeeds } from "../../lib/prompt/seeds.js";
import { resolveSpec } from "../../lib/task/spec.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-found-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function refusal(action: Promise<unknown>): Promise<InvalidConfigError> {
  const error = await action.catch((thrown: unknown) => thrown);
  expect(error, String(error)).toBeInstanceOf(InvalidConfigError);
  return error as InvalidConfigError;
}

async function readTask(content: string, name = "task.yaml") {
  const path = join(directory, name);
  await writeFile(path, content);
  return await readTaskFile(path);
}

describe("a task file", () => {
  it.each([
    ["mappings as keys", `teacher: t\n${"? ".repeat(40)}\n`, /:2: Expected keys that are plain texts/],
    ["a thousand keys in each other", "? ".repeat(50_000), /:1: Expected lists and mappings at most 100 deep/],
    ["lists in a line", `x: ${"[".repeat(5000)}`, /:1: Expected lists and mappings at most 100 deep/],
    [
      "lists below each other",
      Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}-\n`).join(""),
      /at most 100 deep/,
    ],
    [
      "mappings below each other",
      Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
      /at most 100 deep/,
    ],
    ["dashes in a line", "- ".repeat(5000), /at most 100 deep/],
    ["brackets over many lines", "x:\n  [[\n".repeat(400), /at most 100 deep/],
    ["an alias in its own anchor", "x: &x [*x]", /Expected a YAML task/],
    ["an alias as a key", "x: &x a\n*x : b", /:2: Expected keys that are plain texts/],
    ["a word of a megabyte", "x".repeat(1e6), /received "x{60}…"/],
    ["a teacher of a megabyte", `teacher: { x: ${"x".repeat(1e6)} }`, /received an object/],
    ["a key of a megabyte, twice", `${"x".repeat(1e6)}: 1\n`.repeat(2), /keep|Implicit|at most/],
  ])("with %s is refused in few words", async (_, content, message) => {
    const error = await refusal(readTask(content));
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(1200);
  });

  it("with deep JSON is refused, and one that is nested as tasks are is read", async () => {
    const deep = `{"teacher":"demo","x":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
    expect((await refusal(readTask(deep, "task.json"))).message).toMatch(/:1: Expected lists and mappings at most 100/);
    const text =
      'teacher: demo\nmethod: { match: { name: hybrid } }\nfilters:\n  reject:\n    - - name: "{[({["\n  x: |\n    - - -\n';
    expect((await readTask(text)).written.method).toEqual({ match: { name: "hybrid" } });
  });

  it("of a hundred thousand keys is read, and named are twenty of what is wrong", async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join("");
    const { written, spec } = await readTask(`teacher: demo\n${keys}`);
    expect(Object.keys(written).length).toBe(100_001);
    const error = await refusal((async () => resolveSpec(spec))());
    expect(error.issues.length).toBeGreaterThan(100_000);
    expect(error.message.split("\n").length).toBe(51);
    const { issues } = await refusal(readTask("teacher: demo\n".repeat(5000)));
    expect(issues.length).toBe(21);
    expect(issues[0]).toEqual({
      path: `${join(directory, "task.yaml")}:2`,
      message: 'The key "teacher" is given twice: keep one of them',
    });
    expect(issues[20]!.message).toBe("and 4979 more that are wrong");
  });
});

it("a seed whose label is no name is refused, whatever it is", async () => {
  const path = join(directory, "seeds.jsonl");
  const labels = [
    '{"toString":null}',
    '{"toString":1,"valueOf":2}',
    "[[]]",
    "null",
    `"${"x".repeat(1e6)}"`,
    '"__proto__"',
  ];
  await writeFile(path, labels.map((label) => `{"text":"t","label":${label}}\n`).join(""));
  const { issues, message } = await refusal(readSeeds(path, [{ name: "animal" }], "seeds"));
  expect(issues.map((issue) => issue.path)).toEqual([1, 3, 4, 5, 6].map((line) => `${path}:${line}`));
  expect(issues[0]!.message).toMatch(/received an object \(2 times, also at 2\)$/);
  expect(message.length).toBeLessThan(2000);
});
