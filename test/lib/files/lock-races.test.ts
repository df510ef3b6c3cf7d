// What vanishes between two steps of taking a directory: the process's own file, the lock, or the directory itself.
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Lock } from "../../../lib/files/lock.js";

// Each step of Lock.acquire, with what happens before it is taken; by default nothing.
const before = vi.hoisted(() => ({ link: vi.fn(), stat: vi.fn(), open: vi.fn(), readdir: vi.fn() }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof fs>();
  const steps = Object.fromEntries(
    Object.entries(before).map(([name, happens]) => [
      name,
      async (...args: [string]) => {
        await happens(...args);
        return await (real[name as keyof typeof before] as (...args: [string]) => unknown)(...args);
      },
    ]),
  );
  return { ...real, ...steps };
});

let directory: string;
beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), "corrsynth-lock-"));
});
afterEach(async () => {
  for (const happens of Object.values(before)) happens.mockReset();
  await fs.rm(directory, { recursive: true, force: true });
});

const isOwn = (path: string) => /^lock\.json\.[0-9a-f-]{36}$/.test(basename(path));

async function sweep(): Promise<void> {
  for (const name of (await fs.readdir(directory)).filter(isOwn)) await fs.rm(join(directory, name));
}

async function refusal(): Promise<NodeJS.ErrnoException> {
  const error = await Lock.acquire(directory).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  return error as NodeJS.ErrnoException;
}

it("a process whose file was swept away by one that has let go since takes the directory all the same", async () => {
  before.link.mockImplementationOnce(sweep);
  const lock = await Lock.acquire(directory);
  await lock.check();
  expect(await fs.readdir(directory)).toEqual(["lock.json"]);
  await lock.release();
});

it("a process whose file was swept away says who holds the directory, however early that was", async () => {
  const holder = await Lock.acquire(directory);
  for (const step of ["link", "stat"] as const) {
    before[step].mockImplementation(async (path: string) => {
      if (isOwn(path)) await sweep();
    });
    expect((await refusal()).message).toContain(`Process ${process.pid} of `);
    before[step].mockReset();
  }
  await holder.release();
  expect(await fs.readdir(directory)).toEqual([]);
});

it("a directory that is gone is said to be gone, and not to be another's", async () => {
  before.link.mockImplementationOnce(() => fs.rm(directory, { recursive: true }));
  expect(await refusal()).toMatchObject({ code: "ENOENT", message: expect.stringContaining(directory) });
});

it("a lock that was placed and cannot be held is taken back", async () => {
  const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", syscall: "scandir" });
  before.readdir.mockRejectedValueOnce(denied);
  expect(await refusal()).toBe(denied);
  before.open.mockImplementation((path: string, flags: unknown) => {
    const isToWrite = typeof flags === "number" && (flags & fs.constants.O_RDWR) !== 0;
    if (basename(path) === "lock.json" && isToWrite) throw denied;
  });
  expect(await refusal()).toBe(denied);
  before.open.mockReset();
  expect(await fs.readdir(directory)).toEqual([]);
  await (await Lock.acquire(directory)).release();
});
