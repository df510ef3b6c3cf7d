// The end of the process in the midst of native work: by itself, by process.exit, by an error. Never by a signal.
import { describe, expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

// Moments a few milliseconds apart, since what a crash needs is a moment.
const delays = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55];

describe("process.exit", () => {
  test.each(["decoding", "loading", "waiting"])("while %s ends with the given code, at any moment", async (state) => {
    for (const [i, delay] of delays.entries()) {
      const { code, signal, stderr } = await runScript("end-process.mjs", [`${i}`, state, `${delay}`]);
      // a load may be over before the moment comes, and the process with it
      const codes = state === "loading" ? [i, 0] : [i];
      expect(signal, `${delay} ms: ${stderr}`).toBe(null);
      expect(codes).toContain(code);
      expect(stderr).toBe("");
    }
  });
});

test.each(["decoding", "waiting"])(
  "an error that nobody catches while %s ends with code 1 and its text",
  async (state) => {
    for (const delay of delays) {
      const { code, signal, stderr } = await runScript("end-process.mjs", ["throw", state, `${delay}`]);
      expect({ code, signal }, stderr).toEqual({ code: 1, signal: null });
      expect(stderr).toContain("Error: nobody catches this");
      expect(stderr).not.toMatch(/terminate called|FATAL/);
    }
  },
);

test.each([0, 10, 300])("a run abandoned for %i ms does not keep the process", async (pause) => {
  const ended = await runScript("abandoned.mjs", [`${pause}`], [], 20);
  expect(ended).toEqual({ code: 0, signal: null, stdout: "abandoned\n", stderr: "" });
});

test.skipIf(process.platform !== "linux")(
  "a decode thread that the system refuses does not keep the process",
  async () => {
    const { code, signal, stdout, stderr } = await runScript("no-thread.mjs", [], ["--expose-gc", "--min-semi-space-size=16"]);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    expect(stdout).toMatch(/^CORRSYNTH_OUT_OF_MEMORY The decode thread cannot be started: .*\n4\n$/);
  },
);
