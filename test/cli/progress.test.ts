import { describe, expect, it } from "vitest";
import { showProgress } from "../../lib/cli/progress.js";
import { Memory, progress } from "./environment.js";

describe("showProgress", () => {
  it("draws a bar per label on a terminal, and redraws it in place", () => {
    const output = new Memory(true);
    let time = 0;
    const display = showProgress("auto", "hybrid", output, () => time);
    display.update(progress({}));
    expect(output.text).toBe(
      "  animal  █████░░░░░░░░░░░░░░░  1/4\x1b[K\n" +
        "  plant   ██████████░░░░░░░░░░  2/4\x1b[K\n" +
        "hybrid: 3/8 rows (37 %), 1,234 tokens/s, 1:15 left\x1b[K\n",
    );
    time = 50;
    output.text = "";
    display.update(progress({ accepted: 4 }));
    expect(output.text).toBe("");
    time = 100;
    display.update(progress({ accepted: 5 }));
    expect(output.text).toContain("\x1b[3A");
    expect(output.text).toContain("5/8 rows");
  });

  it("writes plain lines elsewhere, not more than one in five seconds, and the last state at the end", () => {
    const output = new Memory(false);
    let time = 0;
    const display = showProgress("auto", "run", output, () => time);
    for (time = 0; time < 12_000; time += 1000) display.update(progress({ accepted: time / 1000 }));
    display.end();
    expect(output.text.split("\n").map((line) => line.split(" ")[1])).toEqual([
      "0/8",
      "5/8",
      "10/8",
      "11/8",
      undefined,
    ]);
    expect(output.text).not.toContain("\x1b");
  });

  it("writes JSON objects, one a line, for programs", () => {
    const output = new Memory(true);
    const display = showProgress("json", "run", output, () => 0);
    display.update(progress({}));
    display.update(progress({ accepted: 8, secondsLeft: null }));
    display.end();
    display.end();
    const lines = output.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      { run: "run", ...progress({}) },
      { run: "run", ...progress({ accepted: 8, secondsLeft: null }) },
    ]);
  });

  it("says how far the prompts are read, alone until a token is written", () => {
    const lines = [
      progress({ promptsRead: 0.409, generatedTokens: 0, secondsLeft: null }),
      progress({ promptsRead: 0.9 }),
      progress({ promptsRead: null }),
    ].map((state) => {
      const output = new Memory(false);
      showProgress("plain", "run", output, () => 0).update(state);
      return output.text;
    });
    expect(lines).toEqual([
      "run: reading prompts, 40 %\n",
      "run: 3/8 rows (37 %), reading prompts, 90 %, 1:15 left\n",
      "run: 3/8 rows (37 %), 1,234 tokens/s, 1:15 left\n",
    ]);
  });

  it("shows nothing at all when asked for none", () => {
    const output = new Memory(true);
    const display = showProgress("none", "run", output, () => 0);
    display.update(progress({}));
    display.end();
    expect(output.text).toBe("");
  });

  it("shows the labels that lack most where there are too many for a window, and keeps to its width", () => {
    const output = new Memory(true);
    output.columns = 40;
    const labels = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`label${i}${"x".repeat(60)}`, { wanted: 100, accepted: 30 - i }]),
    );
    showProgress("bar", "run", output, () => 0).update(progress({ labels }));
    const lines = output.text.split("\n");
    expect(lines).toHaveLength(14);
    expect(lines[0]).toContain("label29");
    expect(lines[11]).toContain("and 19 more labels");
    for (const line of lines) expect(line.replace("\x1b[K", "").length).toBeLessThanOrEqual(39);
  });
});
