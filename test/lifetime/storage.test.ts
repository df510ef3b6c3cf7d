// Disks that fail: full, read-only, or gone. The run stops with an error that says so, and what was finished stays.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StorageError } from "../../lib/errors.js";
import { RunDirectory } from "../../lib/store/run-directory.js";
import { description, groups } from "../lib/store/runs.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const asNobody = fileURLToPath(new URL("as-nobody.mjs", import.meta.url));

let directory: string;
let out: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-storage-"));
  out = join(directory, "out");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

/** What every file handle of Node inherits from. */
async function handlePrototype() {
  const file = await open(join(directory, "any"), "w");
  await file.close();
  return Object.getPrototypeOf(file) as Awaited<ReturnType<typeof open>>;
}

const read = async (name: string) => readFile(join(out, name), "utf8");

async function finish(): Promise<void> {
  const directory = await RunDirectory.open(out);
  const next = directory.checkpoint?.groups ?? 0;
  await directory.begin(description);
  for (const group of groups([0, 1, 2, 3].slice(next))) await directory.commit(group);
  await directory.close({ state: "done" });
}

describe("a write that fails", () => {
  it("at any call, after half of its bytes, loses nothing that was safe and lets nothing in behind", async () => {
    const prototype = await handlePrototype();
    const [appendFile, datasync] = [prototype.appendFile, prototype.datasync];
    await finish();
    const whole = [await read("data.jsonl"), await read("journal.jsonl")];
    for (const [method, calls] of [
      ["appendFile", 8],
      ["datasync", 9],
    ] as const) {
      for (let failing = 1; failing <= calls; failing++) {
        await rm(out, { recursive: true });
        let call = 0;
        const fail = () =>
          Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
        const appendSpy = vi.spyOn(prototype, "appendFile").mockImplementation(async function (
          this: typeof prototype,
          data,
        ) {
          if (method !== "appendFile" || ++call !== failing) return await appendFile.call(this, data);
          const bytes = Buffer.from(data as string);
          await appendFile.call(this, bytes.subarray(0, bytes.length / 2));
          throw fail();
        });
        const syncSpy = vi.spyOn(prototype, "datasync").mockImplementation(async function (this: typeof prototype) {
          if (method === "datasync" && ++call === failing) throw fail();
          return await datasync.call(this);
        });
        const run = await RunDirectory.open(out);
        const error = await (async () => {
          try {
            await run.begin(description);
            for (const group of groups([0, 1, 2, 3])) {
              await run.commit(group);
              await run.flush();
            }
            await run.close({ state: "done" });
          } catch (error) {
            await run.close({ state: "done" }).catch(() => {});
            return error;
          }
        })();
        expect(error, `${method} ${failing}`).toBeInstanceOf(StorageError);
        expect((error as Error).message).toMatch(
          /ENOSPC.*are safe if the directory is; free some space, then start the same run again/,
        );
        expect(call, "nothing is tried again").toBeLessThanOrEqual(failing + 4);
        appendSpy.mockRestore();
        syncSpy.mockRestore();
        await finish();
        expect([await read("data.jsonl"), await read("journal.jsonl")]).toEqual(whole);
      }
    }
  });
});

async function corrsynth(task: object, program = main) {
  const file = join(directory, "task.json");
  await writeFile(file, JSON.stringify(task));
  const child = spawn(process.execPath, [program, "run", file, "--out", out, "--progress", "none"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

const task = {
  teacher: "demo",
  labels: { animal: "an animal", plant: "a plant" },
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
  method: { name: "cross" },
  count: 300,
  filters: false,
  sampling: { maxTokens: 16, seed: 7 },
  engine: { threads: 1 },
};

function mounts(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", tmpdir()], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("the program", () => {
  it.skipIf(!mounts())("on a disk that fills up stops with exit code 1, and goes on when there is room", async () => {
    await mkdir(out);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=40k", "none", out]);
    try {
      const { code, stderr } = await corrsynth(task);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/ENOSPC.*free some space.*CORRSYNTH_STORAGE/),
      });
      const rows = (await read("data.jsonl")).split("\n").length - 1;
      expect(rows).toBeGreaterThan(0);
      execFileSync("mount", ["-o", "remount,size=4m", out]);
      expect(await corrsynth(task)).toMatchObject({ code: 0 });
      expect((await read("data.jsonl")).trimEnd().split("\n").length).toBe(300);
    } finally {
      execFileSync("umount", [out]);
    }
  });

  it.skipIf(process.platform === "win32")("refuses a directory that cannot be written with exit code 2", async () => {
    await mkdir(out);
    await chmod(directory, 0o755);
    await chmod(out, 0o555);
    // a superuser may write everywhere
    const { code, stderr } = await corrsynth(task, process.getuid?.() === 0 ? asNobody : main);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/Expected a directory to write to \(EACCES/),
    });
  });
});
