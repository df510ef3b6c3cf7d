// Decisions of a person on a run's rows: who reads them applies them, and the rows as they were written stay.
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { carryReviews, Review, type RowDecision, readReview } from "../../../lib/files/review.js";
import { exportRun, mergeRuns, readRun, readTable, runStatus } from "../../../lib/io.js";
import { readSeeds } from "../../../lib/prompt/seeds.js";
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

const [early, late] = ["2026-01-01T12:00:00.000Z", "2026-01-01T13:30:00+01:00"]; // half an hour later
it.each<[string, RowDecision[], RowDecision[], Partial<RowDecision> | undefined]>(
  [
    ["the run's newer one holds", [{ label: "plant", at: late }], [{ rejected: true, at: early }], { label: "plant" }],
    [
      "the directory's newer one holds",
      [{ label: "plant", at: early }],
      [{ rejected: true, at: late }],
      { rejected: true },
    ],
    [
      "of equally old ones the run's",
      [{ label: "plant", at: late }],
      [{ rejected: true, at: late }],
      { label: "plant" },
    ],
    ["of two without a time the run's", [{ label: "plant" }], [{ rejected: true }], { label: "plant" }],
    [
      "one with a time holds against one without",
      [{ label: "plant" }],
      [{ rejected: true, at: early }],
      { rejected: true },
    ],
    ["what is no time is none", [{ label: "plant", at: "soon" }], [{ rejected: true, at: early }], { rejected: true }],
    ["one that was undone later is not back", [{ label: "plant", at: early }], [{ at: late }], undefined],
    [
      "of one directory the last, whenever",
      [
        { label: "plant", at: late },
        { text: "b", at: early },
      ],
      [],
      { text: "b" },
    ],
  ].map(([name, ...rest]) => {
    const [theirs, own, expected] = rest as [Partial<RowDecision>[], Partial<RowDecision>[], object | undefined];
    const all = (of: Partial<RowDecision>[]) => of.map((change) => decision("0.0", change));
    return [name as string, all(theirs), all(own), expected];
  }),
)("of decisions about one row in a run and in the directory it is joined in: %s", async (_, theirs, own, expected) => {
  const [run, whole] = [await reviewed("run", theirs), await reviewed("whole", own)];
  for (const _ of ["first", "again"]) {
    await carryReviews([run], whole);
    const found = (await readReview(whole)).of("0.0");
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  }
});

it("whoever reads a run directory as a table reads its rows as reviewed, unless they are asked for as written", async () => {
  const decisions = [
    decision("0.0", { rejected: true }),
    decision("0.1", { label: "animal" }),
    decision("1.0", { text: "a blue whale" }),
  ];
  const run = await reviewed("run", decisions);
  const { rows: found, notes } = await readTable(run);
  expect(found.map(({ label, text }) => [label, text])).toEqual([
    ["animal", "a fern"],
    ["animal", "a blue whale"],
    ["plant", "an oak"],
  ]);
  expect(notes).toEqual(["Reviewed by a person: 1 rejected, 1 with another label, 1 edited (review.jsonl)"]);
  const written = await readTable(run, { reviewed: false });
  expect(written.rows.map(({ text }) => text)).toEqual(rows.map(({ text }) => text));
  expect(written.notes).toEqual([]);
  const pools = await readSeeds(run, [{ name: "animal" }, { name: "plant" }], "seeds");
  expect(pools.map((pool) => pool.map(({ text }) => text))).toEqual([["a fern", "a blue whale"], ["an oak"]]);
});
