import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readSource } from "../../../lib/prompt/seeds.js";
import { withTemplateText } from "../../../lib/prompt/template-file.js";
import { checkQueueUrl, printableUrl } from "../../../lib/queue/connection.js";
import { packResult, unpackResult } from "../../../lib/queue/job-result.js";
import { JobCut, parseJob } from "../../../lib/queue/jobs.js";
import { Meter } from "../../../lib/queue/meter.js";
import { packTask, unpackTask } from "../../../lib/queue/queued-task.js";
import { resultLimits } from "../../../lib/queue/result-limits.js";
import type { FinishedGroup } from "../../../lib/run/checkpoint.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { demoModel, labels, seeds, task } from "../helpers/demo.js";
import { stubGroup } from "./stub.js";

const names = Object.keys(labels);
const range = { first: 4, count: 2 };
/** 60 rows of a dozen tokens at most: a group has four. */
const limits = resultLimits(resolveSpec(task({ count: 60 })));
const result = { groups: [stubGroup(4), stubGroup(5)], tokens: 40, seconds: 1.5 };

test("an address is shown without user and password", () => {
  const table: [url: string, shown: string][] = [
    ["redis://user:secret@host:6380/2", "redis://host:6380/2"],
    ["rediss://:secret@host", "rediss://host"],
    ["redis://[::1]:7000/", "redis://[::1]:7000"],
  ];
  for (const [url, shown] of table) {
    checkQueueUrl(url);
    expect(printableUrl(url)).toBe(shown);
  }
});

test("a result that is packed comes out as it went in", async () => {
  expect(await unpackResult(await packResult(result), range, names, limits)).toEqual(result);
});

test("a result that no worker makes of these groups is refused", async () => {
  const change = (group: Partial<FinishedGroup>) => ({
    ...result,
    groups: [{ ...stubGroup(4), ...group }, stubGroup(5)],
  });
  const [first, ...rest] = stubGroup(4).instances;
  const cases: [what: string, value: unknown][] = [
    ["one group", { ...result, groups: [stubGroup(4)] }],
    ["other groups", { ...result, groups: [stubGroup(5), stubGroup(6)] }],
    ["a row too few for its counts", change({ instances: rest })],
    ["a row twice", change({ instances: [first!, first!, ...rest.slice(1)] })],
    ["a label that is none", change({ instances: [{ ...first!, label: "mineral" }, ...rest] })],
    ["an id of another group", change({ instances: [{ ...first!, id: "9.0" }, ...rest] })],
    ["a row of another group", change({ instances: [{ ...first!, group: 9 }, ...rest] })],
    ["an empty text", change({ instances: [{ ...first!, text: "" }, ...rest] })],
    ["a field of its own", change({ instances: [{ ...first!, run: "rm" } as never, ...rest] })],
    ["a label's counts too few", change({ labels: stubGroup(4).labels.slice(1) })],
    ["tokens below 0", { ...result, tokens: -1 }],
    ["no groups", {}],
  ];
  for (const [what, value] of cases) {
    await expect(unpackResult(gzipSync(JSON.stringify(value)), range, names, limits), what).rejects.toThrow();
  }
  await expect(unpackResult(Buffer.from("none"), range, names, limits)).rejects.toThrow(/header/);
});

test("a result that unpacks to more than memory has is refused", async () => {
  const bomb = gzipSync(Buffer.alloc(257 * 2 ** 20));
  expect(bomb.length).toBeLessThan(2 ** 20);
  await expect(unpackResult(bomb, range, names, limits)).rejects.toThrow(/larger than/);
});

test("what a result may have is what its task asks for", async () => {
  const bytes = (changes: Parameters<typeof task>[0], count = 1) =>
    resultLimits(resolveSpec(task(changes))).job({ first: 0, count });
  const one = bytes({ sampling: { maxTokens: 100 } });
  expect(one).toBeGreaterThan(4 * 100 * 256);
  expect(one).toBeLessThan(2 ** 18);
  expect(bytes({ sampling: { maxTokens: 1000 } })).toBeGreaterThan(5 * one);
  expect(bytes({ sampling: { maxTokens: 100 } }, 10)).toBeGreaterThan(9 * one);
  expect(bytes({ sampling: { maxTokens: 1_000_000 } }, 1000)).toBe(2 ** 28);
  const signs = 10_000; // of three bytes each, in the four rows of a group
  const premise = { text: "文".repeat(signs) };
  const prompt = { instruction: "{context} {label}", shots: 0 };
  const pairs = { prompt, seeds: undefined, contexts: { from: [premise], perGroup: true } };
  const alone = bytes({ ...pairs, contexts: { from: [premise] } });
  expect(bytes(pairs) - alone).toBeGreaterThanOrEqual(4 * 3 * signs);
  const values = { prompt, contexts: [premise], attributes: { style: ["文".repeat(signs)] } };
  expect(bytes(values) - bytes({ ...values, attributes: {} })).toBeGreaterThanOrEqual(4 * 3 * signs);
});

test("a list that is nested without end is refused before it is parsed", async () => {
  const nested = gzipSync("[".repeat(limits.job(range) - 1));
  await expect(unpackResult(nested, range, names, limits)).rejects.toThrow(/at most 200 deep/);
});

test("a text that no model writes in so many tokens is refused", async () => {
  const [first, ...rest] = stubGroup(4).instances;
  const text = "x".repeat(limits.text + 1);
  const groups = [{ ...stubGroup(4), instances: [{ ...first!, text }, ...rest] }, stubGroup(5)];
  const packed = await packResult({ ...result, groups });
  await expect(unpackResult(packed, range, names, limits)).rejects.toThrow(`Expected texts of at most ${limits.text}`);
});

test("a task takes its seeds along, under the ids that they have in their file", async () => {
  const given = { seeds: [...(await readSource([{ text: "a", label: "animal" }, seeds[0]!], "seeds"))] };
  expect(given.seeds).toEqual([{ text: "a", label: "animal", id: 1 }, seeds[0]]);
});

test("a task takes its chat template along", async () => {
  const template = fileURLToPath(new URL("../prompt/templates/phi3.jinja", import.meta.url));
  const { prompt } = task({ prompt: { format: "chat", template } });
  expect(await withTemplateText(prompt)).toEqual({
    ...task().prompt,
    format: "chat",
    template: { jinja: readFileSync(template, "utf8") },
  });
});

test("a record comes out as it went in, its task sound", async () => {
  const record = {
    format: 1 as const,
    teacher: "demo",
    spec: { ...task({ count: 8 }), seeds: { from: seeds, tooLong: "error" as const } },
    description: {
      task: null,
      settings: {},
      seed: 7,
      teacher: { path: demoModel, sha256: "00" },
      versions: { corrsynth: "1" },
      device: null,
      started: "2026-01-01T00:00:00.000Z",
    },
    groupsPerJob: 2,
    jobsAhead: 10,
    attempts: 3,
  };
  const { queued: found, spec } = await unpackTask(await packTask(record), "x");
  expect(found).toEqual(JSON.parse(JSON.stringify(record)));
  expect(spec.count).toEqual([2, 2, 2, 2]);
  const reading = ["/etc/hosts", { from: "/etc/hosts" }].map((seeds) => ({ spec: { ...task({ count: 8 }), seeds } }));
  // the last two would have the worker read its own files
  for (const changed of [{ spec: { labels: [] } }, { groupsPerJob: 0 }, { more: 1 }, { format: 2 }, ...reading]) {
    const packed = gzipSync(JSON.stringify({ ...record, ...changed }));
    await expect(unpackTask(packed, "x")).rejects.toThrow(/Expected the task of "x" as enqueue writes it/);
  }
});

test("a task is cut into jobs of whole groups up to its last", () => {
  const cut = new JobCut({ groupsPerJob: 4 }, { maxGroups: 10 });
  expect([0, 1, 2].map((job) => cut.range(job))).toEqual([
    { first: 0, count: 4 },
    { first: 4, count: 4 },
    { first: 8, count: 2 },
  ]);
  expect([0, 3, 4, 9].map((group) => cut.jobOf(group))).toEqual([0, 0, 1, 2]);
  expect([1, 4, 5, 10, Number.POSITIVE_INFINITY].map((groups) => cut.jobsFor(groups))).toEqual([1, 1, 2, 3, 3]);
});

test("a job that says anything else is refused", () => {
  expect(parseJob({ job: 1, first: 4, count: 4 })).toEqual({ job: 1, first: 4, count: 4 });
  for (const data of [
    { job: 1, first: 4 },
    { job: 1, first: -4, count: 4 },
    { job: 1, first: 4, count: 4, code: "" },
    null,
  ]) {
    expect(() => parseJob(data)).toThrow();
  }
});

test("a meter tells the rate of the last half minute", () => {
  let now = 0;
  const meter = new Meter(30, () => now);
  expect(meter.rate()).toBe(0);
  for (let second = 1; second <= 60; second++) {
    now = second * 1000;
    meter.add(second <= 30 ? 100 : 10);
    const rate = meter.rate();
    if (second === 30) expect(rate).toBe(100);
    if (second === 60) expect(rate).toBe(10);
  }
  expect(meter.total).toBe(3300);
});
