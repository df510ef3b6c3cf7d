// What a run counts. CFG decodes a row for every partner of every row: the price that CorrSynth does not pay.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Method, Teacher } from "../../../lib/index.js";
import { cfg, contextAware, cross, fewgen, hybrid, intra, loadTeacher } from "../../../lib/index.js";
import { type Overrides, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const report = async (method: Method, overrides: Overrides = {}) =>
  (await outcome(teacher, task({ ...overrides, method }))).report;

describe("decoded rows per generated token, K = 4", () => {
  const context = {
    prompt: { instruction: "{context} Definition of {label}", shots: 0 },
    contexts: [{ text: "In the garden, where many things grow." }],
  };
  const costs: [string, Method, number, Overrides?][] = [
    ["fewgen", fewgen(), 1],
    ["cross", cross(), 1],
    ["intra, R = 2", intra(), 1],
    ["hybrid, R = 2", hybrid(), 1],
    ["cfg-cross: itself and 3 partners", cfg({ kind: "cross" }), 4],
    ["cfg-cross, R = 2: itself and 6 partners", cfg({ kind: "cross", repeat: 2 }), 7],
    ["cfg-intra, R = 2: itself and 1 partner", cfg({ kind: "intra" }), 2],
    ["cfg-hybrid, R = 2: itself and 7 partners", cfg({ kind: "hybrid" }), 8],
    ["context-aware: itself and its prompt without context", contextAware(), 2, context],
  ];
  test.each(costs)("%s", async (_, method, factor, overrides) => {
    // a contrast row ends with the row that it follows, so this holds with rows that end early too
    const { decodedTokens, generatedTokens } = await report(method, overrides);
    expect(decodedTokens).toBe(factor * generatedTokens);
  });
});

test("with M = 4 CFG reads each prompt 4 times and decodes 4 times the rows for the same instances", async () => {
  const overrides = { count: 32, sampling: { maxTokens: 6, seed: 9 } };
  const coupled = await report(cross(), overrides);
  const guided = await report(cfg({ kind: "cross" }), overrides);
  expect(guided.groups).toBe(coupled.groups);
  expect(guided.promptTokens).toBe(4 * coupled.promptTokens);
  expect(guided.generatedTokens).toBe(coupled.generatedTokens);
  expect(guided.decodedTokens).toBe(4 * coupled.decodedTokens);
});

test("the numbers add up", async () => {
  const { instances, report } = await outcome(teacher, task({ method: fewgen(), count: 16 }));
  expect(report.generatedTokens).toBe(instances.reduce((sum, { tokens }) => sum + tokens, 0));
  expect(Object.keys(report.labels)).toEqual(["animal", "plant", "food", "person"]);
  const accepted = Object.values(report.labels).reduce((sum, label) => sum + label.accepted, 0);
  expect(accepted).toBe(instances.length);
  expect(report.steps).toBeGreaterThanOrEqual(Math.max(...instances.map(({ tokens }) => tokens)));
  expect(report.steps).toBeLessThanOrEqual(report.decodedTokens);
  expect(report.tokensPerSecond).toBeCloseTo(report.generatedTokens / report.seconds, 6);
  const parts = [report.prefillSeconds, report.decodeSeconds, report.samplerSeconds];
  for (const part of parts) expect(part).toBeGreaterThan(0);
  expect(parts.reduce((a, b) => a + b)).toBeLessThan(report.seconds);
  expect(report.warnings).toEqual([]);
});

describe("tokens without a partner", () => {
  const long = { count: 32, sampling: { stop: ["\n", ";", " of"], maxTokens: 32, seed: 7 } };
  const shares: [string, Method, "some" | "none", "some" | "none"][] = [
    ["fewgen contrasts nothing, so it lacks nothing", fewgen({ repeat: 2 }), "none", "none"],
    ["intra: the one partner ended", intra(), "some", "none"],
    ["hybrid: the partner of the label ended, the others did not", hybrid(), "some", "some"],
    ["cfg: a contrast row lives as long as the row that it follows", cfg({ kind: "intra" }), "none", "none"],
  ];
  test.each(shares)("%s", async (_, method, none, partly) => {
    const { uncontrastedShare, partlyContrastedShare } = await report(method, long);
    expect(uncontrastedShare > 0).toBe(none === "some");
    expect(partlyContrastedShare > 0).toBe(partly === "some");
    expect(uncontrastedShare + partlyContrastedShare).toBeLessThan(1);
  });
});

test("warns when the seeds do not suffice for the rows of a group", async () => {
  const few = ["animal", "plant", "food", "person"].map((label) => ({ label, text: `some ${label}`, id: label }));
  const { warnings } = await report(intra(), { seeds: few });
  expect(warnings).toEqual([
    '4 labels have few seeds ("animal" 1, "plant" 1, "food" 1, "person" 1) for 2 x 1 examples of a group: ' +
      "rows share some of them",
  ]);
});
