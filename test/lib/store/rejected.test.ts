// Rejected rows that are kept: as durable as the accepted ones, once each, whatever stops a run, and through merges.
import { appendFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { statusCommand } from "../../../lib/cli/status.js";
import { cross, loadTeacher, synthesizeTo, type Teacher } from "../../../lib/index.js";
import { mergeRuns, type RejectedRow, readJournal, readRejected, runStatus } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { Memory } from "../../cli/environment.js";
import { task } from "../helpers/demo.js";
import { description, groups } from "./runs.js";

let teacher: Teacher;
let parent: string;
let path: string;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-rejected-"));
  path = join(parent, "run");
});
afterEach(() => rm(parent, { recursive: true }));

async function rejectedOf(directory: string): Promise<RejectedRow[]> {
  const rows: RejectedRow[] = [];
  for await (const row of readRejected(directory)) rows.push(row);
  return rows;
}

const keeping = (keepRejected = true) =>
  task({
    method: cross(),
    filters: { unfinished: "keep", runOns: false, minWords: 9, keepRejected },
    engine: { reproducible: true },
  });

describe("of a run", () => {
  it("are as many as are counted, by label and reason, in the order of their groups", async () => {
    await synthesizeTo(path, teacher, keeping());
    const rows = await rejectedOf(path);
    expect(rows.length).toBeGreaterThan(2);
    const { labels } = await runStatus(path);
    for (const [name, { rejected }] of Object.entries(labels)) {
      for (const [reason, count] of Object.entries(rejected)) {
        expect(rows.filter((row) => row.label === name && row.reason === reason).length).toBe(count);
      }
    }
    const places = rows.map(({ id }) => id.split(".").map(Number) as [number, number]);
    expect(places).toEqual([...places].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^\d+\.\d+$/),
      ...{ text: expect.any(String), label: expect.any(String), reason: expect.any(String) },
      ...{ group: expect.any(Number), repeat: 0, tokens: expect.any(Number), ending: expect.any(String) },
    });
  });

  it("are the same after a kill at any byte of them, without one twice or missing", async () => {
    const rows = [...groups([0, 1, 2])].map((group, n) => ({ ...group, rejected: [{ text: `r ${n}`, reason: "é" }] }));
    const write = async (some: typeof rows) => {
      const directory = await RunDirectory.open(path);
      await directory.begin(description);
      for (const group of some) await directory.commit(group);
      await directory.flush();
      await directory.release();
    };
    await write(rows);
    const file = join(path, "rejected.jsonl");
    const whole = await readFile(file, "utf8");
    const { ends } = await readJournal(join(path, "journal.jsonl"));
    for (let kept = 2; kept >= 0; kept--) {
      await truncate(join(path, "journal.jsonl"), (ends[kept - 1] ?? 0) + (kept % 2)); // a line that is half written
      await appendFile(file, '{"text":"half');
      await write(rows.slice(kept));
      expect(await readFile(file, "utf8")).toBe(whole);
    }
  });

  it("come through shards and merges as they were", async () => {
    await synthesizeTo(path, teacher, keeping());
    const parts = [0, 1].map((index) => join(parent, `part-${index}`));
    for (const [index, part] of parts.entries()) {
      await synthesizeTo(part, teacher, keeping(), { shard: { index, count: 2, groups: 30 } });
    }
    const whole = join(parent, "whole");
    await mergeRuns(parts, whole);
    expect(await rejectedOf(whole)).toEqual(await rejectedOf(path));
    const copy = join(parent, "copy");
    await mergeRuns([path], copy);
    expect(await rejectedOf(copy)).toEqual(await rejectedOf(path));
  });

  it("may be kept from a later session on", async () => {
    const stop = new AbortController();
    const onProgress = ({ rejected }: { rejected: number }) => rejected > 0 && stop.abort(new Error("stopped"));
    const first = synthesizeTo(path, teacher, keeping(false), {
      signal: stop.signal,
      onProgress: (p) => void onProgress(p),
    });
    await first.catch(() => undefined);
    await expect(rejectedOf(path)).rejects.toThrow("set filters.keepRejected to true");
    await synthesizeTo(path, teacher, { ...keeping(), count: 64 });
    expect((await rejectedOf(path)).every(({ group }) => group > 0)).toBe(true);
  });
});

async function status(...args: string[]): Promise<string> {
  const stdout = new Memory();
  const environment = { stdout } as unknown as Parameters<typeof statusCommand>[0];
  await statusCommand(environment, () => undefined).parseAsync(args, { from: "user" });
  return stdout.text;
}

describe("status --rejected", () => {
  it("prints the last rows with their reasons, harmless for a terminal", async () => {
    const directory = await RunDirectory.open(path);
    await directory.begin(description);
    const row = { label: "animal", group: 0, repeat: 0, tokens: 1200, ending: "stop" };
    const rejected = [
      { ...row, id: "0.0", reason: "short", text: "one" },
      { ...row, id: "0.2", reason: "run-on", text: "two\n\u001b[2J\u202eevil" },
      { ...row, id: "0.3", reason: "empty", text: "" },
    ];
    await directory.commit({ ...groups([0])[0]!, rejected });
    await directory.close({ state: "stopped" });
    const shown = await status(path, "--rejected", "2");
    expect(shown).toContain(
      "run-on: animal, row 0.2, 1,200 tokens, stop\n    two\\u{a}\\u{1b}[2J\\u{202e}evil\n" +
        "empty: animal, row 0.3, 1,200 tokens, stop\n    (no text)\n",
    );
    expect(shown).not.toContain("short:");
    const [json] = JSON.parse(await status(path, "--rejected", "1", "--json")) as { rejectedRows: unknown[] }[];
    expect(json!.rejectedRows).toEqual(rejected.slice(2));
    expect(await status(path)).not.toContain("run-on");
  });

  it("of a run that refused nothing, kept or not, there are none", async () => {
    const spec = { ...keeping(), filters: { unfinished: "keep", runOns: false, keepRejected: true } } as const;
    await synthesizeTo(path, teacher, { ...spec, count: 4 });
    expect((await runStatus(path)).labels).toMatchObject({ animal: { rejected: {} } });
    expect(await rejectedOf(path)).toEqual([]);
    expect(await status(path, "--rejected", "5")).toContain("no rejected row was kept");
  });

  it("says how rows come to be kept, where none are", async () => {
    await synthesizeTo(path, teacher, keeping(false));
    expect(await status(path, "--rejected", "20")).toContain("set filters.keepRejected to true in the task");
  });
});
