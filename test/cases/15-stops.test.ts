// Case 15: a stop in single quotes is a backslash and an n, which is told; and stops that never matched are.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { loadTeacher, plan, preview, resolveSpec, synthesize } from "../../lib/index.js";
import { StopTally } from "../../lib/run/stop-tally.js";
import { taskRemarks } from "../../lib/task/remarks.js";
import { cli } from "../cli/environment.js";

const file = resolve(import.meta.dirname, "15-stop.yaml");
const remark =
  'sampling.stop[0] has a backslash and the letter n, which is not a line break: in YAML write it in double quotes, "\\n"';

test("plan, preview and run say so, and how often the stop ended a row", async () => {
  const { spec } = await readTaskFile(file);
  const one = { ...spec, engine: { threads: 1 } };
  await using teacher = await loadTeacher("demo");
  expect((await plan(teacher, one)).warnings).toEqual([remark]);
  const previewed = (await preview(teacher, one, { rows: 2 })).warnings;
  expect(previewed[0]).toBe(remark);
  expect(previewed[1]).toMatch(/^No row of 2 ended with "\\\\n" of sampling\.stop, and \d ran to sampling\.maxTokens/);
  const run = synthesize(teacher, { ...one, filters: false });
  for await (const _ of run);
  const report = await run.finished;
  expect(report.stops).toEqual({ "\\n": 0 });
  expect(report.warnings[0]).toBe(remark);
  expect(report.warnings[1]).toMatch(/^No row of \d+ ended with "\\\\n"/);
});

test("with a real line break the rows are counted, and nothing is said", async () => {
  const { spec } = await readTaskFile(file);
  await using teacher = await loadTeacher("demo");
  const sampling = { ...spec.sampling, stop: ["\n", "###"], maxTokens: 48 };
  const run = synthesize(teacher, { ...spec, sampling, filters: false, engine: { threads: 1 } });
  for await (const _ of run);
  const { stops, warnings } = await run.finished;
  expect(stops["\n"]).toBeGreaterThanOrEqual(6);
  expect(stops["###"]).toBe(0);
  expect(warnings).toEqual([]);
});

test("the command says it when it has read the task, once", async () => {
  const out = await mkdtemp(join(tmpdir(), "corrsynth-stop-"));
  const { stderr, calls } = await cli(["run", file, "--out", out]);
  await rm(out, { recursive: true });
  expect(stderr.split(remark)).toHaveLength(2);
  expect(calls[0]).toBe("load demo");
});

test("which texts are remarked on", () => {
  const base = { labels: ["a", "b"], count: 2, method: { name: "fewgen" } as const };
  const remarks = (prompt: object, sampling: object = {}) =>
    taskRemarks(resolveSpec({ ...base, prompt: { instruction: "A {label}", shots: 0, ...prompt }, sampling })).map(
      (text) => text.split(" ")[0],
    );
  expect(remarks({}, { stop: ["\n", "\\n\\n", "\\t"] })).toEqual(["sampling.stop[1]", "sampling.stop[2]"]);
  expect(remarks({ separator: "\\n" })).toEqual(["prompt.separator"]);
  expect(remarks({ instruction: "A {label}\\nText:", answer: "\\r" })).toEqual(["prompt.instruction", "prompt.answer"]);
  expect(remarks({ instruction: "A {label} with \\nabla, \\theta and C:\\temp" })).toEqual([]);
});

test("only where rows ran to their limit is a stop missed", () => {
  const row = (stop: number, ending: "eos" | "stop" | "length") => ({ stop, ending });
  const tallied = (rows: object[]) => {
    const tally = new StopTally(["\n", "###"]);
    tally.add({ rows: rows as never });
    return [tally.counts(), tally.remarks().length];
  };
  expect(tallied([row(0, "stop"), row(-1, "length")])).toEqual([{ "\n": 1, "###": 0 }, 1]);
  expect(tallied([row(-1, "eos"), row(-1, "eos")])).toEqual([{ "\n": 0, "###": 0 }, 0]);
  expect(tallied([row(0, "stop"), row(1, "stop"), row(-1, "length")])).toEqual([{ "\n": 1, "###": 1 }, 0]);
});
