// Why an addon does not load, in words that say what to do. The messages are those of the loaders.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { companion, loadAddon, packageRoot, problemOf } from "../../../lib/engine/addon.js";

const directory = mkdtempSync(join(tmpdir(), "corrsynth-addon-"));
const file = join(directory, "corrsynth.node");
writeFileSync(file, "not empty");
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  [
    "an older glibc",
    `/lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.34' not found (required by ${file})`,
    "glibc 2.28",
    /^needs GLIBC_2\.34, this system is older: compile it/,
  ],
  [
    "an older libstdc++",
    `/lib64/libstdc++.so.6: version \`GLIBCXX_3.4.29' not found (required by ${file})`,
    "glibc 2.28",
    /^needs GLIBCXX_3\.4\.29, this system is older/,
  ],
  [
    "musl",
    `Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by ${file})`,
    "musl",
    /^is made for glibc, this system has musl: compile it/,
  ],
  [
    "a library that is gone",
    "libcorrsynth-ggml-base.so: cannot open shared object file: No such file or directory",
    "glibc 2.36",
    /^libcorrsynth-ggml-base\.so is missing beside it, though 1 other files are there: install again/,
  ],
  ["half a file", `${file}: file too short`, "glibc 2.36", /^is empty or damaged.*virus scanners.*install again/],
  ["no binary", `${file}: invalid ELF header`, "glibc 2.36", /^is empty or damaged/],
  ["no binary on Windows", `\\\\?\\C:\\x.node is not a valid Win32 application.`, "Node v20", /^is empty or damaged/],
  ["32 bits", `${file}: wrong ELF class: ELFCLASS32`, "glibc 2.36", /^is made for another processor than/],
  [
    "a Mac of the other kind",
    `dlopen(x, 1): tried: 'x' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))`,
    "Node v20",
    /^is made for another processor than/,
  ],
  ["anything else", "undefined symbol: llama_decode\nand more", "glibc 2.36", /^undefined symbol: llama_decode$/],
])("%s", (_, message, system, expected) => {
  expect(problemOf(file, message, system)).toMatch(expected);
});

test("an empty file is damaged, whatever the loader says", () => {
  const empty = join(directory, "empty.node");
  writeFileSync(empty, "");
  truncateSync(empty);
  expect(problemOf(empty, "cannot read file data: Is a directory", "glibc 2.36")).toMatch(/^is empty or damaged/);
  expect(problemOf(join(directory, "gone.node"), "no such file", "glibc 2.36")).toMatch(/^is gone/);
});

test("a package of another version, or none, does not serve", () => {
  expect(companion("@corrsynth/no-such-platform")).toEqual({ problem: "not installed" });
  expect(companion("vitest")).toMatchObject({
    problem: expect.stringMatching(/^of version \d.*expected \d.*npm install vitest@/),
  });
});

test("what was compiled here comes first", () => {
  expect(loadAddon().path.startsWith(packageRoot)).toBe(true);
  expect(loadAddon()).toBe(loadAddon());
});
