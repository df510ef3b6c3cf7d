// How far an evaluation is: one line on a terminal, seldom ones elsewhere.
import { describe, expect, it, vi } from "vitest";
import { showStages } from "../../lib/cli/stage-progress.js";
import { Memory } from "./environment.js";

describe("showStages", () => {
  it("redraws one line on a terminal, and leaves it free at the end", () => {
    const output = new Memory(true);
    let time = 0;
    const display = showStages("auto", "a\u0007", output, () => time);
    display.update({ stage: "MAUVE", share: 0.5 });
    display.update({ stage: "MAUVE", share: 0.6 });
    time = 100;
    display.update({ stage: "2-D map", share: 0 });
    display.end();
    display.end();
    expect(output.text).toBe("\ra\\u{7}: MAUVE (50 %)\x1b[K\ra\\u{7}: 2-D map (0 %)\x1b[K\r\x1b[K");
  });

  it("writes plain lines and JSON elsewhere, and nothing when asked for none", () => {
    const written = (["plain", "json", "none"] as const).map((mode) => {
      const output = new Memory();
      const display = showStages(mode, "run", output, () => 0);
      display.update({ stage: "tokens", share: 0.25 });
      display.end();
      return output.text;
    });
    expect(written).toEqual(["run: tokens (25 %)\n", '{"evaluation":"run","stage":"tokens","share":0.25}\n', ""]);
  });

  it("without a terminal says how far stages are, of all titles together once in a while, and never that one begins", () => {
    const output = new Memory();
    let time = 0;
    const display = showStages("plain", "", output, () => time);
    for (const title of ["a", "b"]) {
      for (const share of [0, 0.2, 0.4, 0.6, 0.8]) {
        display.of(title).update({ stage: "MAUVE", share });
        time += 2000;
      }
    }
    display.end();
    expect(output.text).toBe("a: MAUVE (20 %)\na: MAUVE (80 %)\nb: MAUVE (40 %)\n");
  });

  it("shows the stage that is worked on although it came right after another and says nothing for a while", () => {
    vi.useFakeTimers();
    try {
      const output = new Memory();
      const display = showStages("plain", "run", output, () => Date.now());
      display.update({ stage: "entities", share: 0 });
      display.update({ stage: "embeddings", share: 0 });
      vi.advanceTimersByTime(6000);
      expect(output.text).toBe("run: embeddings (0 %)\n");
      display.update({ stage: "MAUVE", share: 0 });
      display.end();
      vi.advanceTimersByTime(6000);
      expect(output.text).not.toContain("MAUVE");
    } finally {
      vi.useRealTimers();
    }
  });
});
