// Rounds with the demo teacher: what they write, go on with, and refuse.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  InvalidConfigError,
  loadTeacher,
  type Progress,
  type RoundPolicy,
  type RoundsOptions,
  roundPolicies,
  type SynthesisSpec,
  synthesizeRounds,
  type Teacher,
} from "../../../lib/index.js";
import { exportRun, readRun, readTable, roundsStatus, runStatus } from "../../../lib/io.js";
import { type Overrides, seeds, seedsOf, task } from "../helpers/demo.js";
import { manifestOf } from "../store/runs.js";

let teacher: Teacher;
let parent: string;
let path: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-rounds-"));
  path = join(parent, "rounds");
});
afterEach(() => rm(parent, { recursive: true }));

/** 16 rows of four labels a round, two examples a prompt. */
const small = ({ prompt, engine, ...rest }: Overrides = {}) =>
  task({
    ...rest,
    filters: { unfinished: "keep" },
    prompt: { shots: 2, ...prompt },
    engine: { reproducible: true, ...engine },
  });

const validation = seeds.filter((_, i) => i % 2 === 0);

/** The options that a policy needs. */
const by = (policy: RoundPolicy): RoundsOptions => ({ policy, ...(policy === "errors" ? { validation } : {}) });

/** Every file of rows below a directory of rounds, and what was taken. */
async function outcome(directory: string) {
  const files = (await readdir(directory, { recursive: true })).filter(
    (name) => name.endsWith("data.jsonl") || /\.(seeds|contexts)\.jsonl$/.test(name),
  );
  const texts = await Promise.all(files.sort().map((name) => readFile(join(directory, name), "utf8")));
  const { rounds, end } = JSON.parse(await readFile(join(directory, "rounds.json"), "utf8")) as Record<string, unknown>;
  return { files: files.sort(), texts, rounds, end };
}

async function refusal(spec: SynthesisSpec, options: RoundsOptions, directory = path): Promise<InvalidConfigError> {
  const error = await synthesizeRounds(directory, teacher, spec, options).catch((thrown: unknown) => thrown);
  expect(error, String(error)).toBeInstanceOf(InvalidConfigError);
  return error as InvalidConfigError;
}

describe("rounds", () => {
  it.each(Object.keys(roundPolicies) as RoundPolicy[])("by %s are the same twice", async (policy) => {
    const other = join(parent, "other");
    await synthesizeRounds(path, teacher, small(), by(policy));
    await synthesizeRounds(other, teacher, small(), by(policy));
    expect(await outcome(path)).toEqual(await outcome(other));
  });

  it("are run directories, each with a seed of its own, and one dataset without what was dropped", async () => {
    const { dataset, labels, rounds } = await synthesizeRounds(path, teacher, small(), { policy: "agree", rounds: 3 });
    expect((await readdir(path)).sort()).toEqual(["dataset", "round-1", "round-2", "round-3", "rounds.json"]);
    for (const { round, count } of rounds) {
      expect(await manifestOf(join(path, `round-${round}`))).toMatchObject({
        state: "done",
        seed: 6 + round,
        settings: { count },
      });
    }
    const { rows, manifest } = await readRun(dataset);
    expect(manifest).toMatchObject({
      state: "done",
      mergedFrom: [1, 2, 3].map((round) => join(path, `round-${round}`)),
    });
    const { rounds: taken, end } = (await outcome(path)) as { rounds: typeof rounds; end: (typeof rounds)[number] };
    const dropped = [...taken, end].flatMap(({ dropped: { repeat, policy } }) => [...repeat, ...policy]);
    expect(dropped.length).toBeGreaterThan(0);
    const made = taken.flatMap(({ count }) => count).reduce((sum, count) => sum + count);
    expect(rows.length).toBe(made - dropped.length);
    expect(rows.map(({ fields }) => fields.id)).not.toContain(dropped[0]);
    expect(Object.values(labels).reduce((sum, count) => sum + count)).toBe(rows.length);
    const { labels: tallies } = await runStatus(dataset);
    const counted = Object.values(tallies).flatMap(({ rejected }) => Object.values(rejected));
    expect(counted.reduce((sum, count) => sum + count)).toBe(dropped.length);
  });

  it("give a weight to each row by weights, which export writes", async () => {
    const { dataset } = await synthesizeRounds(path, teacher, small(), { policy: "weights" });
    const out = join(parent, "data.jsonl");
    await exportRun(dataset, { format: "jsonl", columns: "all", out });
    const found = (await readTable(out)).rows.map(({ fields }) => fields.weight as number);
    expect(found.length).toBe(16);
    for (const weight of found) expect(weight).toBeGreaterThanOrEqual(0);
    expect(new Set(found).size).toBeGreaterThan(4);
  });

  it("by errors take examples from the validation rows alone, by self of people and rows, at most half of a prompt's", async () => {
    await synthesizeRounds(path, teacher, small(), by("errors"));
    const ids = new Set(validation.map(({ id }) => id));
    for (const { fields } of (await readRun(join(path, "round-2"))).rows) {
      for (const id of fields.examples as string[]) expect(ids.has(id)).toBe(true);
    }
    const own = join(parent, "self");
    await synthesizeRounds(own, teacher, small(), by("self"));
    const examples = (await readRun(join(own, "round-2"))).rows.map(({ fields }) => fields.examples as string[]);
    expect(examples.map((taken) => taken.filter((id) => id.startsWith("1:")).length)).toEqual(examples.map(() => 1));
  });

  it("by agree take the contexts nearest to each label's rows", async () => {
    const contexts = seeds.map(({ id, text }) => ({ id: `c-${id}`, text }));
    const spec = small({
      contexts,
      prompt: { instruction: "Definition of {label} like {context}", shots: 0 },
      sampling: { maxTokens: 12 },
    });
    const { rounds } = await synthesizeRounds(path, teacher, spec, { policy: "agree" });
    expect(rounds[1]!.contexts).toMatchObject({ file: "round-2.contexts.jsonl" });
    const { rows } = await readRun(join(path, "round-2"));
    for (const { label, fields } of rows) expect(fields.context).toMatch(new RegExp(`^${label}/c-`));
    // those that the labels of a group share stay the task's own
    const shared = await synthesizeRounds(
      join(parent, "shared"),
      teacher,
      { ...spec, contexts: { from: contexts, perGroup: true } },
      by("agree"),
    );
    expect(shared.rounds[1]!.contexts).toBeNull();
  });

  it("learn on the vectors of a model where one is named", async () => {
    await synthesizeRounds(path, teacher, small(), { policy: "agree", embedder: "demo" });
    const { inputs } = JSON.parse(await readFile(join(path, "rounds.json"), "utf8")) as { inputs: object };
    expect(inputs).toEqual({ embedder: await teacher.sha256() });
  });

  it("are shown by status, with what each took", async () => {
    const seen: number[] = [];
    await synthesizeRounds(path, teacher, small(), { policy: "self", onRound: ({ round }) => void seen.push(round) });
    expect(seen).toEqual([1, 2]);
    const status = await roundsStatus(path);
    expect(status).toMatchObject({ policy: "self", dataset: { path: join(path, "dataset") } });
    expect(status.rounds).toMatchObject([
      { round: 1, state: "done", rows: 16, wanted: 16, examples: null },
      { round: 2, state: "done", examples: { texts: seeds.length + status.rounds[1]!.examples!.rows } },
    ]);
    // a round whose process holds its directory and has not begun
    await rm(join(path, "round-2"), { recursive: true });
    for (const state of ["not there", "empty"]) {
      if (state === "empty") await mkdir(join(path, "round-2"));
      expect((await roundsStatus(path)).rounds[1]).toMatchObject({ state: "waiting", rows: 0 });
    }
  });
});

describe("started again", () => {
  it("when they were stopped anywhere in a round, come to the undisturbed outcome", async () => {
    const whole = join(parent, "whole");
    await synthesizeRounds(whole, teacher, small(), by("self"));
    for (const [round, groups] of [
      [1, 1],
      [1, 3],
      [2, 1],
      [2, 2],
    ]) {
      const stop = new AbortController();
      const reason = new Error("enough");
      const onProgress = (state: Progress, own: number) =>
        void (own === round && state.groups >= groups! && stop.abort(reason));
      const stopped = synthesizeRounds(path, teacher, small(), { ...by("self"), signal: stop.signal, onProgress });
      await stopped.catch((error: unknown) => expect(error).toBe(reason));
    }
    await synthesizeRounds(path, teacher, small(), by("self"));
    expect(await outcome(path)).toEqual(await outcome(whole));
  });

  it("make nothing when they are done, and go on with more rounds and rows, those there unchanged", async () => {
    await synthesizeRounds(path, teacher, small(), by("influence"));
    const before = await outcome(path);
    const onProgress = () => expect.unreachable("nothing is made");
    await synthesizeRounds(path, teacher, small(), { ...by("influence"), onProgress });
    expect(await outcome(path)).toEqual(before);
    await synthesizeRounds(path, teacher, small({ count: 20 }), { ...by("influence"), rounds: 3 });
    for (const round of [1, 2]) {
      const file = join(`round-${round}`, "data.jsonl");
      expect(await readFile(join(path, file), "utf8")).toBe(before.texts[before.files.indexOf(file)]);
    }
    const { rounds, dataset } = await roundsStatus(path);
    expect(rounds[2]).toMatchObject({ state: "done", wanted: 60 - before.texts[0]!.trim().split("\n").length });
    expect(dataset!.rows).toBeGreaterThan(40);
  });

  it("are refused with other options, task or validation rows, each difference by name, and nothing is touched", async () => {
    const file = join(parent, "validation.jsonl");
    const write = (rows: readonly object[]) => writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    await write(validation);
    await synthesizeRounds(path, teacher, small(), { policy: "errors", validation: file });
    const before = await outcome(path);
    await write(validation.slice(1));
    const cases: [SynthesisSpec, RoundsOptions, RegExp][] = [
      [small(), { policy: "errors", validation: file }, /validation: Expected the SHA-256/],
      [small(), { policy: "agree" }, /policy: Expected "errors", received "agree"/],
      [small(), { policy: "self", rounds: 1 }, /rounds: Expected at least the 2 that have begun, received 1/],
      [small({ count: 20 }), { policy: "self" }, /count: Expected more than 2 rounds with a larger count/],
      [
        small({ count: 12, sampling: { seed: 8 } }),
        { policy: "self", rounds: 3 },
        /sampling.seed: Expected 7, received 8[\s\S]*at least 4 rows/,
      ],
    ];
    for (const [spec, options, message] of cases) expect((await refusal(spec, options)).message).toMatch(message);
    expect(await outcome(path)).toEqual(before);
  });
});

describe("what is refused before a model is loaded", () => {
  const noShots = small({ prompt: { shots: 0 } });
  const table: [what: string, spec: SynthesisSpec, options: RoundsOptions, message: RegExp][] = [
    [
      "an unknown policy",
      small(),
      { policy: "agrees" as "agree" },
      /policy: Unknown policy "agrees", did you mean "agree"/,
    ],
    ["no round", small(), { policy: "agree", rounds: 0 }, /rounds: Expected an integer from 1, received 0/],
    [
      "two rounds of weights",
      small(),
      { policy: "weights", rounds: 2 },
      /Expected 1, since "weights" makes no new rows/,
    ],
    ["errors without human rows", small(), { policy: "errors" }, /validation: Expected human rows/],
    [
      "human rows of another policy",
      small(),
      { policy: "self", validation },
      /validation: Expected the policy "errors"/,
    ],
    [
      "human rows that lack a label",
      small(),
      { policy: "errors", validation: seedsOf("animal", "plant", "food") },
      /validation.person: Expected a human row/,
    ],
    [
      "human rows of an unknown label",
      small(),
      { policy: "errors", validation: [{ text: "t", label: "plnat" }] },
      /validation\[0\]: Unknown label "plnat"/,
    ],
    ["examples that no prompt has", noShots, by("errors"), /prompt.shots: Expected at least 1/],
    [
      "one example, half of which is none",
      small({ prompt: { shots: 1 } }),
      by("self"),
      /prompt.shots: Expected at least 2/,
    ],
    [
      "an embedder that nobody asks",
      small(),
      { policy: "self", embedder: "demo" },
      /embedder: Expected none with "self"/,
    ],
    [
      "one label",
      small({ labels: { animal: "an animal" }, seeds: seedsOf("animal") }),
      by("agree"),
      /labels: Expected at least 2 labels/,
    ],
  ];
  it.each(table)("%s", async (_, spec, options, message) => {
    const load = () => expect.unreachable("no model is needed");
    await expect(synthesizeRounds(path, load, spec, options)).rejects.toThrow(message);
    expect(await readdir(parent)).toEqual([]);
  });

  it("a directory with something else, and one that another process holds", async () => {
    await mkdir(path);
    await writeFile(join(path, "notes.txt"), "");
    expect((await refusal(small(), by("agree"))).message).toMatch(/holds 1 files without rounds.json/);
  });

  it("rounds.json that is not as it was written", async () => {
    await synthesizeRounds(path, teacher, small(), { policy: "weights" });
    const whole = await readFile(join(path, "rounds.json"), "utf8");
    for (const text of ["{", "[]", whole.replace('"format": 1', '"format": 2'), whole.replace('"count"', '"counts"')]) {
      await writeFile(join(path, "rounds.json"), text);
      expect((await refusal(small(), { policy: "weights" })).message).toContain(join(path, "rounds.json"));
    }
  });
});

it("a first round that is refused leaves nothing behind", async () => {
  const long = small({ prompt: { instruction: "word ".repeat(3000) } });
  await expect(synthesizeRounds(path, teacher, long, by("agree"))).rejects.toThrow("Expected the prompt of label");
  expect(await readdir(parent)).toEqual([]);
});
