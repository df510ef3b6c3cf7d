// Links, pipes, devices and directories under the names of a run's files: nothing is read or overwritten through them,
// and nothing waits.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CorrSynthError, InvalidConfigError } from "../../../lib/errors.js";
import { JsonlWriter, readInput, readRun, readTable, runStatus } from "../../../lib/io.js";
import { readSeeds } from "../../../lib/prompt/seeds.js";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, groups } from "./runs.js";

let parent: string;
let run: string;
let precious: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-irregular-"));
  run = join(parent, "run");
  precious = join(parent, "precious.txt");
  await writeFile(precious, "what is dear to somebody");
});
afterEach(() => rm(parent, { recursive: true }));

async function write(numbers: readonly number[]): Promise<void> {
  const directory = await RunDirectory.open(run);
  try {
    await directory.begin(description);
    for (const group of groups(numbers)) await directory.commit(group);
    await directory.close({ state: "done" });
  } finally {
    await directory.release();
  }
}

const pipe = (path: string) => void execFileSync("mkfifo", [path]);

//               what stands there, made how, and how it is called
const things: [string, (path: string) => Promise<void> | void, string][] = [
  ["a link", (path) => symlink(precious, path), "a symbolic link"],
  ["a link to nothing", (path) => symlink(join(parent, "none"), path), "a symbolic link"],
  ["a link to a device", (path) => symlink("/dev/zero", path), "a symbolic link"],
  ["a pipe", pipe, "a pipe"],
];

describe.each(["data.jsonl", "journal.jsonl", "manifest.json", "lock.json"])("%s", (name) => {
  it.each(things)("as %s is refused by its name", async (_, make, kind) => {
    await write([0, 1]);
    await rm(join(run, name), { force: true });
    await make(join(run, name));
    const message = `${join(run, name)}: Expected a regular file, as a run writes it, received ${kind}`;
    const readers = [() => write([2]), ...(name === "lock.json" ? [] : [() => readRun(run)])];
    for (const read of readers) {
      const error = await read().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InvalidConfigError);
      expect((error as Error).message).toContain(message);
    }
    const status = await runStatus(run).then(
      ({ damage }) => damage,
      (error: Error) => error.message,
    );
    expect(status).toContain(message);
    expect(await readFile(precious, "utf8")).toBe("what is dear to somebody");
  });

  it.each(things.slice(0, 2))("as %s in a directory without a run is written through by nobody", async (_, make) => {
    await mkdir(run);
    await make(join(run, name));
    await write([0]).catch((error: unknown) => expect(error).toBeInstanceOf(InvalidConfigError)); // or moved aside
    expect(await readFile(precious, "utf8")).toBe("what is dear to somebody");
    await expect(readFile(join(parent, "none"))).rejects.toThrow("ENOENT");
  });
});

it("a manifest of more than 256 MiB is not read", async () => {
  await write([0]);
  await truncate(join(run, "manifest.json"), 2 ** 28 + 1);
  await expect(readRun(run)).rejects.toThrow("Expected a file of at most 256 MiB");
});

it("a JsonlWriter goes on behind no link", async () => {
  await symlink(precious, join(parent, "rows.jsonl"));
  await expect(JsonlWriter.continue(join(parent, "rows.jsonl"), 0)).rejects.toThrow("received a symbolic link");
});

describe("a file that a person names", () => {
  const labels = [{ name: "animal" }];
  const named = () => join(parent, "rows.jsonl");

  it("may be a link", async () => {
    await writeFile(precious, '{"text":"a fox","label":"animal"}\n');
    await symlink(precious, named());
    expect((await readTable(named())).rows.length).toBe(1);
  });

  it("may be a pipe, where it is read once", async () => {
    pipe(named());
    const writing = writeFile(named(), '{"text":"a fox","label":"animal"}\n');
    await new Promise((resolve) => setTimeout(resolve, 50)); // opened by now, and waiting for who reads
    expect((await readTable(named())).rows.length).toBe(1);
    await writing;
    await expect(readSeeds(named(), labels, "seeds")).rejects.toThrow("seeds: Expected a file that can be read more");
  });

  it("is empty as a pipe to which nobody writes", async () => {
    pipe(named());
    await expect(readTable(named())).rejects.toThrow(/Expected at least one row|the file is empty/);
    expect(await readInput(named(), 10)).toEqual(Buffer.alloc(0));
  });

  it.each(["/dev/zero", "/dev/tty"])("may not be %s", async (path) => {
    const error = await readTable(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CorrSynthError);
    expect((error as Error).message).toMatch(/received a device|ENXIO/);
  });

  it("is read up to its limit and not further", async () => {
    await writeFile(precious, "12345");
    expect(await readInput(precious, 4)).toBeUndefined();
    expect(String(await readInput(precious, 5))).toBe("12345");
  });
});
