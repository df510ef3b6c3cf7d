// Decisions of a person on a run's rows: who reads them applies them, and the rows as they were written stay.
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { exportRun, mergeRuns, readRun, runStatus } from "../../../lib/io.js";
import { Review, type RowDecision, readReview } from "../../../lib/store/review.js";
import { writeRun } from "../export/run.js";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "corrsynth-review-"));
});
afterEach(() => rm(path, { recursive: true }));

const decision = (row: string, change: Partial<RowDecision> = {}): RowDecision => ({
  ...{ row, rejected: false, label: null, text: null },
  ...change,
});
const rows = [
  { id: "0.0", text: "a fox", label: "animal" },
  { id: "0.1", text: "a fern", label: "plant" },
  { id: "1.0", text: "a whale", label: "animal" },
  { id: "1.1", text: "an oak", label: "plant" },
];
const lines = (decisions: readonly unknown[]) => decisions.map((value) => `${JSON.stringify(value)}\n`).join("");

async function reviewed(name: string, decisions: readonly unknown[]): Promise<string> {
  const run = join(path, name);
  await writeRun(run, ["animal", "plant"], [rows.slice(0, 2), rows.slice(2)]);
  await writeFile(join(run, "review.jsonl"), lines(decisions));
  return run;
}

it.each<[string, RowDecision[], object | undefined]>([
  ["nothing", [], { id: "0.0", label: "animal", text: "a fox" }],
  [
    "a decision about another row",
    [decision("0.1", { rejected: true })],
    { id: "0.0", label: "animal", text: "a fox" },
  ],
  ["rejected", [decision("0.0", { rejected: true })], undefined],
  [
    "rejected and taken back",
    [decision("0.0", { rejected: true }), decision("0.0")],
    { id: "0.0", label: "animal", text: "a fox" },
  ],
  ["relabelled", [decision("0.0", { label: "plant" })], { id: "0.0", label: "plant", text: "a fox" }],
  ["edited", [decision("0.0", { text: "a red fox" })], { id: "0.0", label: "animal", text: "a red fox" }],
  [
    "twice, the later holds whole",
    [decision("0.0", { label: "plant" }), decision("0.0", { text: "b" })],
    { id: "0.0", label: "animal", text: "b" },
  ],
])("a row with %s", (_, decisions, expected) => {
  const review = new Review();
  for (const one of decisions) review.take(one);
  expect(review.apply({ id: "0.0", label: "animal", text: "a fox" })).toEqual(expected);
});

it("who looked at a row is sure of its label", () => {
  const review = new Review();
  review.take(decision("0.0", { label: "plant" }));
  const row = {
    id: "0.0",
    text: "t",
    label: "animal",
    labelProbability: 0.6,
    labelProbabilities: { animal: 0.6, plant: 0.4 },
  };
  const sure = { labelProbability: 1, labelProbabilities: { animal: 0, plant: 1 } };
  expect(review.apply(row)).toEqual({ ...row, label: "plant", ...sure });
});

it("readRun, exportRun and runStatus go by it, and data.jsonl stays as it was", async () => {
  const decisions = [
    decision("0.0", { rejected: true }),
    decision("0.1", { label: "animal" }),
    decision("1.1", { text: "an old oak" }),
  ];
  const run = await reviewed("run", decisions);
  const data = await readFile(join(run, "data.jsonl"), "utf8");
  const { rows: read, notes } = await readRun(run);
  const expected = [
    ["animal", "a fern"],
    ["animal", "a whale"],
    ["plant", "an old oak"],
  ];
  expect(read.map(({ label, text }) => [label, text])).toEqual(expected);
  expect(notes).toEqual(["Reviewed by a person: 1 rejected, 1 with another label, 1 edited (review.jsonl)"]);
  expect((await readRun(run, { reviewed: false })).rows.map(({ text }) => text)).toEqual(rows.map(({ text }) => text));

  const out = join(path, "data.csv");
  const exported = await exportRun(run, { format: "csv", out });
  expect(exported).toMatchObject({ rows: 3, labels: { animal: { train: 2 }, plant: { train: 1 } } });
  expect(await readFile(out, "utf8")).toBe(
    '"text","label"\r\n"a fern","animal"\r\n"a whale","animal"\r\n"an old oak","plant"\r\n',
  );
  expect(await runStatus(run)).toMatchObject({ rows: 4, reviewed: { rejected: 1, relabelled: 1, edited: 1 } });
  expect(await readFile(join(run, "data.jsonl"), "utf8")).toBe(data);
});

it("a card says that a person reviewed it", async () => {
  const run = await reviewed("run", [decision("0.0", { rejected: true })]);
  await exportRun(run, { format: "hf", out: join(path, "hf") });
  expect(await readFile(join(path, "hf", "README.md"), "utf8")).toMatch(
    /Reviewed by a person[\s\S]*a person has reviewed some of them/,
  );
});

it("a run of which every row is rejected is not exported", async () => {
  const run = await reviewed(
    "run",
    rows.map(({ id }) => decision(id, { rejected: true })),
  );
  const failed = exportRun(run, { format: "csv", out: join(path, "data.csv") });
  await expect(failed).rejects.toThrow("Expected a row that is left, received none of 4");
});

it("what a killed process left half written is left out, and told", async () => {
  const run = await reviewed("run", [decision("0.0", { rejected: true })]);
  await appendFile(join(run, "review.jsonl"), '{"row":"0.1","rej');
  const review = await readReview(run);
  expect([review.counts.rejected, review.halfWritten]).toEqual([1, 1]);
  expect((await readRun(run)).notes).toContain(
    "1 half-written lines of review.jsonl were left out, as a killed process leaves them",
  );
});

it.each([
  ["another field", { row: 3, rejected: false, label: null, text: null }],
  ["an empty text", decision("0.0", { text: "" })],
  ["a list", []],
])("refuses a line with %s", async (_, line) => {
  const run = await reviewed("run", [decision("0.0"), line]);
  await expect(readRun(run)).rejects.toThrow(/review\.jsonl:2: Expected a decision as review writes it/);
});

it("refuses to export a label that the run lacks", async () => {
  const run = await reviewed("run", [decision("0.0", { label: "stone" })]);
  const failed = exportRun(run, { format: "csv", out: join(path, "data.csv") });
  await expect(failed).rejects.toThrow(/review\.jsonl: Expected a row of one of the run's labels/);
});

it("a merge takes the decisions of its parts over", async () => {
  const parts = ["a", "b"].map((name) => join(path, name));
  await writeRun(parts[0]!, ["animal", "plant"], [rows.slice(0, 2)]);
  const later = rows.slice(2);
  await writeRun(parts[1]!, ["animal", "plant"], [[], later]);
  await writeFile(join(parts[0]!, "journal.jsonl"), await readFile(join(parts[0]!, "journal.jsonl")));
  await writeFile(join(parts[1]!, "review.jsonl"), lines([decision("1.0", { rejected: true })]));
  await expect(mergeRuns(parts, join(path, "whole"))).rejects.toThrow(/Expected groups that no other run has/);
  expect((await readReview(parts[1]!)).counts.rejected).toBe(1);
});
