import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { readLines } from "../../../lib/files/lines.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-lines-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(content: string, longest?: number): Promise<string[]> {
  const path = join(directory, "in.txt");
  await writeFile(path, content);
  const found: string[] = [];
  for await (const lines of readLines(path, longest)) found.push(...lines.map(({ bytes }) => bytes.toString("utf8")));
  return found;
}

it("splits at line feeds alone, and keeps blank lines so that lines can be counted", async () => {
  expect(await read("a\r\n\n b\u2028c \n")).toEqual(["a\r", "", " b\u2028c "]);
  expect(await read("a\n\nlast")).toEqual(["a", "", "last"]);
  expect(await read("\n")).toEqual([""]);
  expect(await read("")).toEqual([]);
});

it("refuses a line that is longer than the limit, wherever it ends, and names it", async () => {
  const long = "x".repeat(1.25 * 2 ** 20);
  for (const content of [`a\n${long}`, `a\n${long}\nb\n`]) {
    const error = await read(content, 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect((error as InvalidConfigError).issues).toEqual([
      { path: expect.stringMatching(/in\.txt:2$/), message: "Expected lines of at most 1 MiB" },
    ]);
  }
  expect(await read(`a\n${long}\nb\n`, 2)).toEqual(["a", long, "b"]);
  const many = `${"x".repeat(1000)}\n`.repeat(3000); // a file longer than its limit on lines
  expect(await read(many, 1)).toHaveLength(3000);
});

it("passes on Node's own error for a file that cannot be read", async () => {
  await expect(readLines(join(directory, "none")).next()).rejects.toMatchObject({ code: "ENOENT", syscall: "open" });
  await expect(readLines(directory).next()).rejects.toMatchObject({ code: "EISDIR" });
});
