import { mkdir, mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { replaceFile } from "../../../lib/io.js";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-replace-"));
  path = join(directory, "file.json");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

it("writes a new file, and another content in its place, and leaves nothing beside it", async () => {
  for (const content of ["one", new TextEncoder().encode("two, é😀"), ""]) {
    await replaceFile(path, content);
    expect(await readFile(path)).toEqual(Buffer.from(content));
    expect(await readdir(directory)).toEqual(["file.json"]);
  }
});

it("shows whoever reads meanwhile the old content or the new, whole, and many that write at once do not mix", async () => {
  const contents = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100_000));
  await replaceFile(path, contents[0]!);
  let isWriting = true;
  const writing = Promise.all(contents.map((content) => replaceFile(path, content))).finally(() => {
    isWriting = false;
  });
  while (isWriting) expect(contents).toContain(await readFile(path, "utf8"));
  await writing;
  expect(await readdir(directory)).toEqual(["file.json"]);
});

it("leaves what was there when the disk fails at any step, and throws Node's own error", async () => {
  await replaceFile(path, "old");
  const file = await open(path);
  await file.close();
  const prototype = Object.getPrototypeOf(file) as typeof file;
  for (const step of ["writeFile", "datasync"] as const) {
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", syscall: "write" });
    const failing = vi.spyOn(prototype, step).mockRejectedValue(full);
    await expect(replaceFile(path, "new")).rejects.toBe(full);
    failing.mockRestore();
  }
  await mkdir(join(directory, "folder"));
  await expect(replaceFile(join(directory, "folder"), "new")).rejects.toMatchObject({ syscall: "rename" });
  await expect(replaceFile(join(directory, "none", "file"), "new")).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readFile(path, "utf8")).toBe("old");
  expect((await readdir(directory)).sort()).toEqual(["file.json", "folder"]);
});
