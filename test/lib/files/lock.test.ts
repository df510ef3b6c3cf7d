import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { StorageError } from "../../../lib/errors.js";
import { Lock } from "../../../lib/files/lock.js";
import { findLock } from "../../../lib/files/lock-file.js";
import { isRunning, thisProcess } from "../../../lib/files/process-identity.js";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-lock-"));
  path = join(directory, "lock.json");
});
afterEach(() => rm(directory, { recursive: true }));

const of = (fields: object) => JSON.stringify({ ...thisProcess(), since: "2026-01-01T00:00:00.000Z", ...fields });

// A process id that was in use and is not any more.
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid!;
}

it("is held by this process until it is released, and leaves nothing", async () => {
  const lock = await Lock.acquire(directory);
  expect(await findLock(directory)).toMatchObject({
    isHeld: true,
    holder: { pid: process.pid, host: hostname(), since: expect.stringMatching(/^\d{4}-/) },
  });
  expect(await readdir(directory)).toEqual(["lock.json"]);
  await lock.check();
  await lock.release();
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
  expect(await findLock(directory)).toBe(undefined);
});

it("is taken from a process that has ended, from one whose number was given out again, and of an earlier start", async () => {
  const stale = [of({ pid: await endedProcess() }), of({ begun: "1" }), of({ pid: 2 ** 22 + 1 })];
  for (const text of stale) {
    await writeFile(path, text);
    expect((await findLock(directory))?.isHeld).toBe(process.platform !== "linux" && text === stale[1]);
    if (process.platform !== "linux" && text === stale[1]) continue; // only Linux tells when a process began
    const lock = await Lock.acquire(directory);
    await lock.check();
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  }
});

it("is taken although a process was killed while it took a stale one away", async () => {
  await writeFile(path, of({ pid: await endedProcess() }));
  await mkdir(`${path}.guard`);
  const lock = await Lock.acquire(directory); // waits for as long as a guard may be needed
  await lock.check();
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
}, 20_000);

it("of another machine is taken when it has been silent for two minutes, by the clock of its own files", async () => {
  for (const text of [of({ machine: "elsewhere", host: "far", pid: 12 }), "", "{"]) {
    await writeFile(path, text);
    const error = await Lock.acquire(directory).catch((thrown: Error) => thrown);
    expect((error as Error).message).toContain(
      `${path}: ${text.length > 1 ? "Process 12 of far" : "Another process"} `,
    );
    expect((error as Error).message).toMatch(/sign of life 0 seconds ago: where it no longer runs, delete this file/);
    const then = Date.now() / 1000 - 121;
    await utimes(path, then, then);
    await (await Lock.acquire(directory, { patience: 0.01 })).release();
  }
});

it("goes to one of many that take a stale one at the same moment", async () => {
  for (let round = 0; round < 20; round++) {
    await writeFile(path, of({ pid: 2 ** 22 + 1 }));
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => Lock.acquire(directory)));
    const locks = tries.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(locks.length).toBe(1);
    await locks[0]!.check();
    await locks[0]!.release();
    expect(await readdir(directory)).toEqual([]);
  }
});

it("that another process has taken over, or that is gone, is told and not released", async () => {
  const lock = await Lock.acquire(directory);
  const other = of({ pid: 99, host: "far" });
  await writeFile(path, other);
  await expect(lock.check()).rejects.toThrow(/process 99 of far has taken the directory over/);
  await lock.release();
  expect(await readFile(path, "utf8")).toBe(other);
  await rm(path);
  await expect(lock.check()).rejects.toBeInstanceOf(StorageError);
});

it("a process is told from a later one of the same number and from one of another machine", () => {
  const self = thisProcess();
  expect(isRunning(self)).toBe(true);
  expect(isRunning({ ...self, machine: "elsewhere" })).toBe(undefined);
  if (process.platform === "linux") expect(isRunning({ ...self, begun: "1" })).toBe(false);
  expect(isRunning({ ...self, pid: 2 ** 22 + 1 })).toBe(false);
});
