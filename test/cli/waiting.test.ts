import { expect, it, vi } from "vitest";
import { showWaiting } from "../../lib/cli/waiting.js";
import { Memory } from "./environment.js";

it("counts the seconds in one line on a terminal, and leaves it free", () => {
  vi.useFakeTimers();
  try {
    const output = new Memory(true);
    const waiting = showWaiting("auto", "plan", output, () => Date.now());
    waiting.stage("measuring");
    vi.advanceTimersByTime(1000);
    waiting.end();
    vi.advanceTimersByTime(5000);
    expect(output.text).toBe("\rplan: measuring … 0:00\x1b[K\rplan: measuring … 0:01\x1b[K\r\x1b[K");
  } finally {
    vi.useRealTimers();
  }
});

it("says it once elsewhere, and nothing when asked for none", () => {
  const written = (["plain", "json", "none"] as const).map((mode) => {
    const output = new Memory();
    const waiting = showWaiting(mode, "plan", output, () => 0);
    waiting.stage("measuring");
    waiting.end();
    return output.text;
  });
  expect(written).toEqual(["plan: measuring …\n", '{"plan":"measuring"}\n', ""]);
});
