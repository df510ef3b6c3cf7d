import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { InvalidConfigError } from "../../lib/errors.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-task-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(name: string, content: string | Uint8Array) {
  const path = join(directory, name);
  await writeFile(path, content);
  return readTaskFile(path);
}

async function issuesOf(reading: Promise<unknown>) {
  const error = await reading.then(
    () => expect.unreachable("nothing was refused"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidConfigError);
  return (error as InvalidConfigError).issues;
}

const yaml = `teacher: models/t.gguf
labels: { animal: an animal }
seeds: ../seeds.jsonl
contexts: c.jsonl
count: 3
`;

describe("readTaskFile", () => {
  it("takes relative paths from the task file's folder and leaves other fields as they are", async () => {
    const task = await read("task.yaml", yaml);
    expect(task.teacher).toBe(join(directory, "models/t.gguf"));
    expect(task.spec).toEqual({
      labels: { animal: "an animal" },
      seeds: join(directory, "..", "seeds.jsonl"),
      contexts: join(directory, "c.jsonl"),
      count: 3,
    });
    expect(task.written).toMatchObject({ teacher: "models/t.gguf", seeds: "../seeds.jsonl" });
  });

  it("takes seeds and contexts with rules from there, and labels of attributes as they are written", async () => {
    const { spec } = await read(
      "task.yaml",
      `teacher: demo
seeds: { from: s.jsonl, tooLong: skip }
contexts: { from: c.jsonl, once: true }
attributes: { style: [a], topic: { 007: [b], +1: [c] } }
`,
    );
    expect(spec).toEqual({
      seeds: { from: join(directory, "s.jsonl"), tooLong: "skip" },
      contexts: { from: join(directory, "c.jsonl"), once: true },
      attributes: { style: ["a"], topic: { "007": ["b"], "+1": ["c"] } },
    });
  });

  it("takes the path of a chat template from there, too, and leaves a template itself alone", async () => {
    const relative = await read("task.yaml", "teacher: demo\nprompt: { instruction: x, template: chat.jinja }\n");
    expect(relative.spec.prompt).toEqual({ instruction: "x", template: join(directory, "chat.jinja") });
    const second = await read(
      "task.yaml",
      "teacher: demo\namateur: small.gguf\nguide: { model: a/base.gguf, template: chat.jinja }\n",
    );
    expect(second.spec).toEqual({
      amateur: join(directory, "small.gguf"),
      guide: { model: join(directory, "a/base.gguf"), template: join(directory, "chat.jinja") },
    });
    expect(relative.written.prompt).toEqual({ instruction: "x", template: "chat.jinja" });
    const inline = await read("task.yaml", "teacher: demo\nprompt: { template: { jinja: chat.jinja } }\n");
    expect(inline.spec.prompt).toEqual({ template: { jinja: "chat.jinja" } });
  });

  it("leaves the built-in teacher and inline seeds alone", async () => {
    const task = await read("task.yaml", "teacher: demo\nseeds: [{ text: a, label: b }]\n");
    expect([task.teacher, task.spec.seeds]).toEqual(["demo", [{ text: "a", label: "b" }]]);
  });

  it("reads JSON by extension or by content, tabs included, and ignores $schema", async () => {
    const json = '{\n\t"$schema": "x",\n\t"teacher": "demo",\n\t"count": 3\n}';
    for (const name of ["task.json", "task", "task.txt"]) expect((await read(name, json)).spec).toEqual({ count: 3 });
  });

  it("names file and line of what does not parse", async () => {
    const table: [name: string, content: string | Uint8Array, path: string, message: RegExp][] = [
      ["a.yaml", "teacher: demo\ncount: 1\ncount: 2\n", "a.yaml:3", /The key "count" is given twice/],
      ["a.yaml", "teacher: demo\nlabels:\n  a: x\n  'a': y\n", "a.yaml:4", /The key "a" is given twice/],
      ["a.json", '{\n"teacher": "demo",\n"teacher": "x"\n}', "a.json:3", /The key "teacher" is given twice/],
      ["a.yaml", "teacher: demo\nlabels:\n\t- a\n", "a.yaml:3", /Tabs are not allowed/],
      ["a.yaml", "teacher: demo\nx: !!js/function f\n", "a.yaml:2", /Unresolved tag/],
      ["a.yaml", "teacher: demo\n---\nteacher: x\n", "a.yaml:2", /multiple documents/],
      ["a.json", '{"teacher": demo}', "a.json:1", /Unresolved plain scalar/],
      ["a.json", '"teacher": "demo"', "a.json", /Expected a JSON task/],
      ["a.yaml", "x: &x [*x]\n", "a.yaml", /Expected a YAML task.*circular/],
      ["a.yaml", "x: *nothing\n", "a.yaml", /Unresolved alias/],
      ["a.yaml", "", "a.yaml", /Expected a mapping.*received null/],
      ["a.yaml", "- 1\n", "a.yaml", /received a list/],
      ["a.yaml", Uint8Array.of(0x61, 0xff), "a.yaml", /Expected UTF-8/],
      ["a.yaml", `# ${"x".repeat(8 * 1024 * 1024)}`, "a.yaml", /at most 8 MiB/],
      ["a.yaml", "count: 1\n", "a.yaml: teacher", /Expected "demo" or the path.*received nothing/],
      ["a.yaml", "count: 1\nteacher: 7\n", "a.yaml:2: teacher", /received 7/],
    ];
    for (const [name, content, path, message] of table) {
      expect(await issuesOf(read(name, content)), message.source).toContainEqual({
        path: join(directory, path),
        message: expect.stringMatching(message),
      });
    }
  });

  it("refuses aliases that multiply", async () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf"])
      bomb.push(`${name}: &${name} [${`*${of}, `.repeat(8)}*${of}]`);
    expect(await issuesOf(read("a.yaml", bomb.join("\n")))).toMatchObject([
      { message: expect.stringMatching(/alias/) },
    ]);
  });

  it("refuses a missing file and a directory", async () => {
    for (const path of [join(directory, "none.yaml"), directory]) {
      expect(await issuesOf(readTaskFile(path))).toMatchObject([
        { path, message: expect.stringMatching(/Expected a readable task file/) },
      ]);
    }
  });

  it("gives wrong fields their line, or that of what is around them", async () => {
    const path = join(directory, "a.yaml");
    await writeFile(
      path,
      "teacher: demo\nlabels:\n  a b: x\nseeds: s.jsonl\nmethod:\n  weights:\n    - [0, 1]\n    - [2,\n       3]\n",
    );
    const task = await readTaskFile(path);
    const seeds = join(directory, "s.jsonl");
    const paths = [
      'labels["a b"]',
      "method.weights[1][1]",
      "method.weights",
      "method.gamma",
      "count",
      "",
      `${seeds}:9`,
    ];
    const located = task.locate(new InvalidConfigError(paths.map((at) => ({ path: at, message: "m" }))));
    expect((located as InvalidConfigError).issues.map((issue) => issue.path)).toEqual([
      `${path}:3: labels["a b"]`,
      `${path}:9: method.weights[1][1]`,
      `${path}:6: method.weights`,
      `${path}:5: method.gamma`,
      `${path}: count`,
      path,
      `${seeds}:9`,
    ]);
    const other = new Error("other");
    expect(task.locate(other)).toBe(other);
  });
});

it("an unknown field is told with its own line, one that is missing with that of the fields around it", async () => {
  const text = "teacher: demo\nlabels: [a, b]\nprompt:\n  instruction: x\n  sots: 3\ncuont: 3\n";
  const task = await read("task.yaml", text);
  const wrong = new InvalidConfigError([
    { path: "prompt", message: 'Unknown field "sots", did you mean "shots"?' },
    { path: "", message: 'Unknown field "cuont", did you mean "count"?' },
    { path: "prompt.answer", message: "Expected a text" },
  ]);
  const { issues } = task.locate(wrong) as InvalidConfigError;
  expect(issues.map(({ path }) => path.slice(directory.length + 1))).toEqual([
    "task.yaml:5: prompt",
    "task.yaml:6",
    "task.yaml:3: prompt.answer",
  ]);
});
