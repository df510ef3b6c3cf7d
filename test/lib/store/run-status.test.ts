import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runStatus } from "../../../lib/io.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, groupOf, groups } from "./runs.js";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "corrsynth-status-"));
});
afterEach(() => rm(path, { recursive: true }));

it("tells rows per label, groups, and who writes, while it is written and afterwards", async () => {
  const directory = await RunDirectory.open(path);
  await directory.begin(description);
  expect(await runStatus(path)).toMatchObject({ state: "running", rows: 0, groups: 0, lastWritten: null });
  for (const group of [...groups([0, 1]), groupOf(2, [])]) await directory.commit(group);
  await directory.flush();
  const tally = { wanted: 3, accepted: 2, surplus: 1, rejected: { empty: 1 } };
  expect(await runStatus(path)).toEqual({
    state: "running",
    shard: null,
    rows: 4,
    wanted: 6,
    labels: { animal: tally, plant: tally },
    groups: 3,
    damage: null,
    lastWritten: expect.stringMatching(/^\d{4}-.*Z$/),
    heldBy: { pid: process.pid, host: expect.any(String), since: expect.any(String) },
  });
  await directory.release();
  expect(await runStatus(path)).toMatchObject({ state: "interrupted", heldBy: null });
  const again = await RunDirectory.open(path);
  await again.begin(description);
  await again.close({ state: "stopped", reason: "by SIGINT" });
  expect(await runStatus(path)).toMatchObject({ state: "stopped", reason: "by SIGINT", rows: 4 });
});

it("of a directory that a process holds and has not begun to write to says who that is", async () => {
  const directory = await RunDirectory.open(path);
  await expect(runStatus(path)).rejects.toThrow(
    `Expected a run that has begun, but process ${process.pid} of ${hostname()} is still loading its model: ask again soon`,
  );
  await directory.release();
});

it("refuses a directory without a run", async () => {
  await expect(runStatus(path)).rejects.toThrow(/Expected a run directory/);
  await writeFile(join(path, "manifest.json"), "{}");
  await expect(runStatus(path)).rejects.toThrow(/Expected a run directory/);
  await expect(runStatus(join(path, "none"))).rejects.toThrow(/Expected a run directory/);
});

it("counts the values of attributes among the rows that are safe, those that none has with 0", async () => {
  const directory = await RunDirectory.open(path);
  const attributes = { style: ["news", "blog"], topic: { animal: ["fox"], plant: ["fern", "oak"] } };
  await directory.begin({ ...description, settings: { ...(description.settings as object), attributes } });
  const zeros = { style: { animal: { news: 0, blog: 0 }, plant: { news: 0, blog: 0 } } };
  expect(await runStatus(path)).toMatchObject({ attributes: zeros });
  const rows = [
    { label: "animal", attributes: { style: "news", topic: "fox", hint: "tail" } },
    { label: "plant", attributes: { style: "news", topic: "oak" } },
    { label: "animal", attributes: { style: "blog", topic: "fox" } },
    { label: "plant" },
  ];
  const { labels, instances } = groupOf(0, ["a", "b", "c", "d"]);
  await directory.commit({
    group: 0,
    labels,
    instances: instances.map((row, i) => ({ ...(row as object), ...rows[i] })),
  });
  await directory.flush();
  await appendFile(join(path, "data.jsonl"), `${JSON.stringify({ text: "not safe", ...rows[0] })}\n`);
  expect((await runStatus(path)).attributes).toEqual({
    style: { animal: { news: 1, blog: 1 }, plant: { news: 1, blog: 0 } },
    topic: { animal: { fox: 2 }, plant: { fern: 0, oak: 1 } },
  });
  await directory.release();
});
