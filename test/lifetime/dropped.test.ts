// A run that is begun and then forgotten, neither finished nor left, ends when the garbage collector finds it.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runScript } from "../lib/helpers/child.js";

interface State {
  readonly threads: number;
  readonly rss: number;
}

const runs = 40;

// What is freed goes back to the system at once, instead of being kept by malloc for what comes: so that it can be
// seen.
beforeAll(() => {
  vi.stubEnv("MALLOC_MMAP_THRESHOLD_", "65536");
  vi.stubEnv("MALLOC_TRIM_THRESHOLD_", "65536");
});
afterAll(() => vi.unstubAllEnvs());

test.skipIf(process.platform !== "linux").each([
  ["by itself", "plain"],
  ["though its signal lives on", "signal"],
  ["though its callbacks hold it", "callbacks"],
])("%s: no thread is left of 40, and memory is what it was", async (_, kind) => {
  const { stdout, stderr, code } = await runScript("dropped.mjs", [`${runs}`, kind], ["--expose-gc"], 120);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { before, begun, after } = JSON.parse(stdout) as { before: State; begun: State; after: State };
  expect(begun.threads).toBeGreaterThanOrEqual(before.threads + runs);
  expect(after.threads).toBe(before.threads);
  const [taken, left] = [begun.rss - before.rss, after.rss - before.rss];
  expect(left, JSON.stringify({ before, begun, after })).toBeLessThan(taken / 4);
});
