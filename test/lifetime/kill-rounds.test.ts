// `corrsynth rounds` killed in its second round and started again. kill-rounds.mjs does it longer, and for every policy.
import { expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

test.each([
  ["self", []],
  ["agree", ["--anywhere"]],
] as const)("rounds by %s that were killed come to the outcome of undisturbed ones", async (policy, options) => {
  const { stdout, stderr, code } = await runScript(
    "kill-rounds.mjs",
    ["--kills", "3", "--policy", policy, ...options],
    [],
    110,
  );
  expect(code, stderr).toBe(0);
  expect((JSON.parse(stdout) as { kills: number }).kills).toBe(3);
});
