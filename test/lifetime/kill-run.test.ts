// `corrsynth run` killed at random moments and started again: nothing is lost, nothing is double. kill-run.mjs does it longer.
import { expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

test.each([
  ["one group at a time, byte for byte the undisturbed run", [], 25],
  ["several groups at once, exact counts", ["--any-batch"], 8],
] as const)("%s", async (_, options, kills) => {
  const { stdout, stderr, code } = await runScript("kill-run.mjs", ["--kills", `${kills}`, ...options], [], 110);
  expect(code, stderr).toBe(0);
  expect((JSON.parse(stdout) as { kills: number }).kills).toBe(kills);
});
