// A run whose files end at any byte: what is told is a prefix of what was written, and what is missing is made again, the same.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../lib/errors.js";
import { loadTeacher, resolveSpec, synthesize, type Teacher } from "../../lib/index.js";
import { type JournalEntry, readJournal, readRun, runStatus } from "../../lib/io.js";
import { describeRun } from "../../lib/store/describe-run.js";
import { RunDirectory } from "../../lib/store/run-directory.js";
import { saveRun } from "../../lib/store/save-run.js";
import { description, groupOf, groups } from "../lib/store/runs.js";

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-torn-"));
});
afterAll(() => rm(parent, { recursive: true }));

async function copyOf(run: string): Promise<string> {
  const path = join(parent, "copy");
  await rm(path, { recursive: true, force: true });
  await mkdir(path);
  for (const name of await readdir(run)) await copyFile(join(run, name), join(path, name));
  return path;
}

const textsOf = (data: Buffer) =>
  data
    .toString("utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { text: string }).text);

describe("cut at every byte", () => {
  let run: string;
  let data: Buffer;
  let entries: readonly JournalEntry[];
  beforeAll(async () => {
    run = join(parent, "small");
    const directory = await RunDirectory.open(run);
    await directory.begin(description);
    for (const group of [...groups([0, 1]), groupOf(2, []), ...groups([5])]) {
      const instances = group.instances.map((row, i) => ({ ...(row as object), label: i === 0 ? "animal" : "plant" }));
      await directory.commit({ ...group, instances });
    }
    await directory.close({ state: "done", report: {} });
    data = await readFile(join(run, "data.jsonl"));
    ({ entries } = await readJournal(join(run, "journal.jsonl")));
  });

  it.each(["data.jsonl", "journal.jsonl"])("%s tells the groups that are whole, and nothing else", async (name) => {
    const content = await readFile(join(run, name));
    const isData = name === "data.jsonl";
    const ends = isData ? entries.map(({ bytes }) => bytes) : lineEnds(content);
    const path = await copyOf(run);
    for (let bytes = content.length; bytes >= 0; bytes--) {
      await truncate(join(path, name), bytes);
      const kept = ends.filter((end) => end <= bytes).length;
      const rows = entries[kept - 1]?.rows ?? 0;
      const { damage, ...status } = await runStatus(path);
      expect([bytes, status.groups, status.rows]).toEqual([bytes, kept, rows]);
      const isWhole = rows === 6;
      expect(damage === null).toBe(isWhole);
      const directory = await RunDirectory.open(path);
      try {
        const found: string[] = [];
        for await (const { text } of directory.checkpoint?.accepted ?? []) found.push(text);
        expect(found).toEqual(textsOf(data).slice(0, rows));
        expect(directory.doneFor(description) !== undefined).toBe(isWhole);
      } finally {
        await directory.release();
      }
      const read = await readRun(path).catch((error: unknown) => error);
      if (!isWhole) expect(read).toBeInstanceOf(InvalidConfigError);
      else expect(read).toMatchObject({ rows: textsOf(data).map((text) => ({ text })) });
    }
  });
});

function lineEnds(content: Buffer): number[] {
  const ends: number[] = [];
  for (let end = content.indexOf("\n"); end >= 0; end = content.indexOf("\n", end + 1)) ends.push(end + 1);
  return ends;
}

describe("a run with the demo teacher", () => {
  const spec = {
    labels: { animal: "an animal", plant: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    count: 12,
    sampling: { maxTokens: 12, stop: ["\n", "a"], seed: 7 },
    filters: { unfinished: "keep" as const },
    engine: { threads: 1, reproducible: true },
    limits: { maxGroups: 1000 },
  };
  let teacher: Teacher;
  beforeAll(async () => {
    teacher = await loadTeacher("demo");
  });
  afterAll(() => teacher.close());

  async function finish(path: string): Promise<void> {
    const directory = await RunDirectory.open(path);
    const described = await describeRun(teacher, resolveSpec(spec), spec, new Date(0));
    await saveRun(directory, described, (options) => synthesize(teacher, spec, options));
  }

  it("goes on from every cut to the bytes of one that was never disturbed", async () => {
    const run = join(parent, "whole");
    await finish(run);
    const names = ["data.jsonl", "journal.jsonl"] as const;
    const whole = await Promise.all(names.map((name) => readFile(join(run, name))));
    for (const [n, name] of names.entries()) {
      const content = whole[n]!;
      const cuts = Array.from({ length: 14 }, (_, i) => Math.floor((i * content.length) / 13));
      const atLines = lineEnds(content).slice(0, 2);
      for (const bytes of [...cuts, ...atLines.flatMap((end) => [end - 1, end, end + 1])]) {
        const path = await copyOf(run);
        await truncate(join(path, name), bytes);
        await finish(path);
        const found = await Promise.all(names.map((file) => readFile(join(path, file))));
        expect(
          found.every((file, i) => file.equals(whole[i]!)),
          `${name} cut to ${bytes}`,
        ).toBe(true);
      }
    }
  });
});
