// Which C library a program runs on, by the loader that its file names.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runsOnMusl } from "../../../lib/engine/libc.js";

const directory = mkdtempSync(join(tmpdir(), "corrsynth-libc-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** An ELF file with two program headers, the second of which names the loader. */
function program(name: string, loader: string, type = 3): string {
  const bytes = Buffer.alloc(64 + 2 * 56 + loader.length + 1);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(2, 56);
  const entry = 64 + 56;
  bytes.writeUInt32LE(type, entry);
  bytes.writeBigUInt64LE(64n + 112n, entry + 8);
  bytes.writeBigUInt64LE(BigInt(loader.length + 1), entry + 32);
  bytes.write(loader, 64 + 112);
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

writeFileSync(join(directory, "d"), "\x7fELF");

test.each([
  ["musl", program("a", "/lib/ld-musl-x86_64.so.1"), true],
  ["glibc", program("b", "/lib64/ld-linux-x86-64.so.2"), false],
  ["no loader", program("c", "/lib/ld-musl-x86_64.so.1", 1), false],
  ["half a file", join(directory, "d"), false],
  ["nothing", join(directory, "gone"), false],
  ["musl's loader itself, run with a program", "/lib/ld-musl-aarch64.so.1", true],
])("%s", (_, path, isMusl) => {
  expect(runsOnMusl(path)).toBe(isMusl);
});
