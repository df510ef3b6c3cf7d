import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldError, InvalidConfigError, StorageError } from "../../../lib/errors.js";
import { checkRunDirectory, readJournal } from "../../../lib/io.js";
import { RandomStream } from "../../../lib/random.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, dropChecksums, groupOf, groups, manifestOf } from "./runs.js";

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-run-"));
  path = join(parent, "run");
});
afterEach(() => rm(parent, { recursive: true }));

async function write(numbers: readonly number[], end: "done" | "killed" = "killed"): Promise<void> {
  const directory = await RunDirectory.open(path);
  await directory.begin(description);
  for (const group of groups(numbers)) await directory.commit(group);
  await directory.flush();
  if (end === "done") await directory.close({ state: "done", report: {} });
  else await directory.release(); // as a killed process leaves it, but for the lock
}

const data = () => readFile(join(path, "data.jsonl"), "utf8");
const journal = () => readFile(join(path, "journal.jsonl"), "utf8");

async function refusal(promise: Promise<unknown>): Promise<InvalidConfigError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidConfigError);
  return error as InvalidConfigError;
}

describe("checkRunDirectory", () => {
  it("accepts a new or an empty directory and creates neither", async () => {
    await checkRunDirectory(join(parent, "new", "deep"));
    expect(await readdir(parent)).toEqual([]);
    await checkRunDirectory(parent);
  });

  it("refuses a directory that holds a run, one with other files, and a file", async () => {
    for (const name of ["data.jsonl", "manifest.json"]) {
      path = join(parent, name.replace(".", "-"));
      await mkdir(path);
      await writeFile(join(path, name), "");
      expect((await refusal(checkRunDirectory(path))).message).toMatch(/already holds a run: choose another directory/);
    }
    await writeFile(join(parent, "notes.txt"), "");
    await expect(checkRunDirectory(parent)).rejects.toThrow(/Expected an empty or a new directory/);
    await expect(checkRunDirectory(join(parent, "notes.txt"))).rejects.toThrow(/Expected a directory/);
  });
});

describe("RunDirectory", () => {
  it("has a manifest in state running before the first group, each group's rows and line, and the report at the end", async () => {
    const directory = await RunDirectory.open(join(path, "deep"));
    path = join(path, "deep");
    await directory.begin(description);
    expect(await manifestOf(path)).toEqual({ format: 1, state: "running", ...description });
    await directory.commit(groupOf(0, ["é", "b"]));
    await directory.commit(groupOf(1, []));
    await directory.flush();
    expect(await data()).toBe('{"group":0,"text":"é"}\n{"group":0,"text":"b"}\n');
    const tally = { accepted: 1, surplus: 0, rejected: {} };
    const empty = { accepted: 0, surplus: 1, rejected: { empty: 1 } };
    expect((await readJournal(join(path, "journal.jsonl"))).entries).toEqual([
      { group: 0, labels: [tally, tally], rows: 2, bytes: 47, dataCrc32: crc32(await data()) },
      { group: 1, labels: [empty, empty], rows: 2, bytes: 47, dataCrc32: 0 },
    ]);
    await directory.close({ state: "done", report: { groups: 2 } });
    expect(await manifestOf(path)).toMatchObject({ state: "done", instances: 2, report: { groups: 2 }, seed: 7 });
    expect((await readdir(path)).sort()).toEqual(["data.jsonl", "journal.jsonl", "manifest.json"]);
  });

  it("writes groups that wait for the disk together, in their order", async () => {
    const directory = await RunDirectory.open(path);
    await directory.begin(description);
    const all = groups(Array.from({ length: 100 }, (_, g) => g));
    await Promise.all(all.map((group) => directory.commit(group)));
    await directory.close({ state: "done" });
    const numbers = (await journal())
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { group: number }).group);
    expect(numbers).toEqual(all.map(({ group }) => group));
    expect(await data()).toBe(
      all.flatMap(({ instances }) => instances.map((row) => `${JSON.stringify(row)}\n`)).join(""),
    );
  });

  it("removes what it made for a run that never began, and nothing else", async () => {
    const directory = await RunDirectory.open(join(parent, "new", "deep"));
    await directory.release();
    expect(await readdir(parent)).toEqual([]);
    await mkdir(path);
    const existing = await RunDirectory.open(path);
    await existing.release();
    await existing.release();
    expect(await readdir(parent)).toEqual(["run"]);
    expect(await readdir(path)).toEqual([]);
  });

  it("goes on behind its last group, and says so in the manifest", async () => {
    await write([0, 1]);
    const directory = await RunDirectory.open(path);
    expect(directory.checkpoint).toMatchObject({
      groups: 2,
      labels: Array(2).fill({ accepted: 2, surplus: 0, rejected: {} }),
    });
    const later = { ...description, started: "2026-01-02T00:00:00.000Z", device: "gpu" };
    await directory.begin(later);
    await directory.commit(groups([2])[0]!);
    await directory.close({ state: "done" });
    const { versions } = description;
    expect(await manifestOf(path)).toMatchObject({
      ...description,
      resumed: [{ at: later.started, group: 2, versions, device: "gpu" }],
      instances: 6,
    });
    const [resumed, resumedJournal] = [await data(), await journal()];
    await rm(path, { recursive: true });
    await write([0, 1, 2]);
    expect([resumed, resumedJournal]).toEqual([await data(), await journal()]);
  });

  it("gives the rows of its finished groups, and none that only half is there", async () => {
    await write([0, 1]);
    const texts = groups([0, 1]).flatMap(({ instances }) => instances.map((row) => (row as { text: string }).text));
    const rowsOf = async () => {
      const directory = await RunDirectory.open(path);
      try {
        const found: string[] = [];
        for await (const { text } of directory.checkpoint!.accepted!) found.push(text);
        return found;
      } finally {
        await directory.release();
      }
    };
    expect(await rowsOf()).toEqual(texts);
    await appendFile(join(path, "data.jsonl"), '{"text": "of a group that is not in the journal"}\n{"te');
    expect(await rowsOf()).toEqual(texts);
    const whole = await data();
    await dropChecksums(path);
    await writeFile(join(path, "data.jsonl"), whole.replace('"text":', '"test":'));
    await expect(rowsOf()).rejects.toThrow(/data\.jsonl:1: Expected a row with a text, as a run writes it/);
    await writeFile(join(path, "data.jsonl"), whole.replace("{", "x"));
    await expect(rowsOf()).rejects.toThrow(/data\.jsonl:1: Expected a row with a text/);
  });

  it("torn at any byte of the last line of either file, is whole again after the groups that are missing", async () => {
    await write([0, 1, 2]);
    const whole = { data: await data(), journal: await journal() };
    const cut = async (name: "data" | "journal", bytes: number) => {
      await rm(path, { recursive: true });
      await write([0, 1, 2]);
      await truncate(join(path, `${name}.jsonl`), bytes);
      const directory = await RunDirectory.open(path);
      const next = directory.checkpoint!.groups;
      const isTorn = bytes < Buffer.byteLength(whole[name]);
      expect([bytes, next]).toEqual([bytes, isTorn ? 2 : 3]);
      expect(directory.notice === undefined).toBe(name === "journal" || !isTorn);
      await directory.begin(description);
      for (const group of groups([0, 1, 2].slice(next))) await directory.commit(group);
      await directory.close({ state: "done" });
      expect({ data: await data(), journal: await journal() }).toEqual(whole);
    };
    for (const name of ["data", "journal"] as const) {
      const content = Buffer.from(whole[name]);
      const lastLine = content.lastIndexOf("\n", content.length - 2) + 1;
      for (let bytes = lastLine; bytes <= content.length; bytes++) await cut(name, bytes);
    }
  });

  it("cuts off rows that no journal line speaks of, whole or half", async () => {
    await write([0]);
    const whole = await data();
    await writeFile(join(path, "data.jsonl"), `${whole}{"group":1,"text":"x"}\n{"gro`);
    const directory = await RunDirectory.open(path);
    await directory.begin(description);
    await directory.close({ state: "stopped" });
    expect(await data()).toBe(whole);
  });

  it("changes nothing when it is opened and let go of", async () => {
    await write([0, 1]);
    await truncate(join(path, "journal.jsonl"), (await journal()).length - 5);
    const before = [await data(), await journal(), await manifestOf(path)];
    await (await RunDirectory.open(path)).release();
    expect([await data(), await journal(), await manifestOf(path)]).toEqual(before);
  });

  it("refuses another task, model or input, with every difference and both values, and leaves the run alone", async () => {
    await write([0]);
    const before = [await data(), await manifestOf(path)];
    const directory = await RunDirectory.open(path);
    const other = {
      ...description,
      settings: { ...(description.settings as object), sampling: { topP: 0.5 } },
      inputs: { seeds: "99" },
      teacher: { path: "elsewhere.gguf", sha256: "11" },
    };
    const { issues } = await refusal(directory.begin(other));
    await directory.release();
    expect(issues).toEqual([
      { path: "sampling.topP", message: "Expected 0.9, received 0.5" },
      { path: "seeds", message: 'Expected the SHA-256 "5eed", received "99"' },
      { path: "teacher", message: 'Expected the SHA-256 "00ff", received "11"' },
      { path: "", message: expect.stringMatching(/--fresh, which moves the old files to .*old-DATE/) },
    ]);
    expect([await data(), await manifestOf(path)]).toEqual(before);
  });

  it("moves an old run aside when it is opened as fresh, at the first group, and twice in one second too", async () => {
    await write([0, 1]);
    const old = await data();
    await writeFile(join(path, "report.html"), "r");
    for (const names of [["old-20260101T000000000Z"], ["old-20260101T000000000Z", "old-20260101T000000000Z-2"]]) {
      const directory = await RunDirectory.open(path, { fresh: true });
      expect(directory.checkpoint).toBe(undefined);
      expect(await data()).toBe(old);
      await directory.begin({ ...description, settings: { other: true } });
      await directory.commit(groups([0])[0]!);
      await directory.close({ state: "stopped" });
      expect((await readdir(path)).sort()).toEqual(["data.jsonl", "journal.jsonl", "manifest.json", ...names]);
      await rm(join(path, "data.jsonl"));
      await writeFile(join(path, "data.jsonl"), old);
    }
    const archived = join(path, "old-20260101T000000000Z");
    expect((await readdir(archived)).sort()).toEqual(["data.jsonl", "journal.jsonl", "manifest.json", "report.html"]);
    expect(await readFile(join(archived, "data.jsonl"), "utf8")).toBe(old);
  });

  it("refuses rows without the manifest or the journal that they belong to, and other people's files", async () => {
    for (const name of ["manifest.json", "journal.jsonl"]) {
      await write([0]);
      await rm(join(path, name));
      expect((await refusal(RunDirectory.open(path))).message).toMatch(`Expected a run with ${name}`);
      expect((await readdir(path)).length).toBe(2);
      await rm(path, { recursive: true });
    }
    await writeFile(join(parent, "notes.txt"), "");
    await expect(RunDirectory.open(parent)).rejects.toThrow(/Expected an empty or a new directory/);
    await expect(RunDirectory.open(join(parent, "notes.txt"))).rejects.toThrow(/Expected a directory/);
    await expect(RunDirectory.open(join(parent, "notes.txt", "run"))).rejects.toThrow(/Expected a directory/);
    expect(await readdir(parent)).toEqual(["notes.txt"]);
  });

  it("says which whole line of a journal is wrong", async () => {
    const { length } = groups([0, 1]);
    await write([0, 1]);
    const [first, second] = (await journal()).split("\n") as [string, string];
    const bad = [
      [`${first}\n${first}\n`, 2], // a group twice
      [`x\n${second}\n`, 1],
      [`${first}\n${second.replace('"rows":4', '"rows":5')}\n`, length],
      [`${first}\n${second.replace('"bytes":', '"bytes":-')}\n`, 2],
      [`${first}\n\n`, 2],
      [`${first}\n${second.replace("[{", "[{},{")}\n`, 2],
      [`${first}\nnull\n${second}\n`, 2],
    ] as const;
    for (const [content, line] of bad) {
      await writeFile(join(path, "journal.jsonl"), content);
      const { issues } = await refusal(RunDirectory.open(path));
      expect(issues).toEqual([
        { path: `${join(path, "journal.jsonl")}:${line}`, message: expect.stringMatching(/^Expected a group's line/) },
      ]);
    }
  });

  it("with any byte changed, goes on or says what is wrong", async () => {
    await write([0, 1, 2]);
    const files = ["manifest.json", "journal.jsonl", "data.jsonl"];
    const contents = await Promise.all(files.map((name) => readFile(join(path, name))));
    const random = new RandomStream(7n, 0, "examples", 0);
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const changed = round % files.length;
      for (const [i, name] of files.entries()) {
        const bytes = Buffer.from(contents[i]!);
        if (i === changed) bytes[random.below(bytes.length)] = random.below(256);
        await writeFile(join(path, name), bytes.subarray(0, bytes.length - (round % 7)));
      }
      const directory = await RunDirectory.open(path).catch((error: unknown) => error);
      if (directory instanceof RunDirectory) {
        const error = await directory.begin(description).catch((thrown: unknown) => thrown);
        expect(error === undefined || error instanceof InvalidConfigError, String(error)).toBe(true);
        await directory.release();
      } else {
        expect(directory, String(directory)).toBeInstanceOf(InvalidConfigError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(300);
  });

  it("lets one process in at a time", async () => {
    const directory = await RunDirectory.open(path);
    const error = await RunDirectory.open(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HeldError);
    expect((error as HeldError).message).toContain(`Process ${process.pid} of `);
    await directory.begin(description);
    await directory.close({ state: "stopped" });
    await (await RunDirectory.open(path)).release();
  });

  it("stops writing when the directory is gone or another process has taken it", async () => {
    for (const disturb of [
      () => rm(path, { recursive: true }),
      () => rm(join(path, "lock.json")),
      () => writeFile(join(path, "lock.json"), '{"pid":1,"host":"h","machine":"m","begun":"","since":""}\n'),
    ]) {
      const directory = await RunDirectory.open(path);
      await directory.begin(description);
      await directory.commit(groups([0])[0]!);
      await directory.flush();
      await disturb();
      await directory.commit(groups([1])[0]!);
      const error = await directory.close({ state: "done" }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StorageError);
      expect((error as Error).message).toMatch(/2 rows of its 1 finished groups are safe/);
      expect((await readdir(parent)).includes("run") ? await data() : "").not.toContain('"group":1');
      await rm(path, { recursive: true, force: true });
    }
  });
});
