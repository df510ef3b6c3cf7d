// Files that are spoiled in every way are read, or refused in words; fuzz-files.mjs does it longer.
import { expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

test("mutated task files, seeds, tables, journals, manifests and rows are accepted or refused; and nothing else", async () => {
  const { stdout, stderr, code } = await runScript("fuzz-files.mjs", ["--cases", "240", "--seed", "7"], [], 110);
  expect(code, stderr).toBe(0);
  const { cases, accepted, refused } = JSON.parse(stdout) as Record<string, number>;
  expect(accepted! + refused!).toBe(cases);
  expect(accepted).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(100);
});
