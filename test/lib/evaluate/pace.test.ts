import { describe, expect, it } from "vitest";
import { pace, part } from "../../../lib/evaluate/pace.js";

describe("pace", () => {
  it("lets timers run while work goes on", async () => {
    const step = pace();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    while (ticks === 0) await step(0); // would never end if only promises took turns
    clearInterval(timer);
    expect(ticks).toBe(1);
  });

  it("sees an abort before any work and in the middle of it", async () => {
    const reason = new Error("enough");
    await expect(pace({ signal: AbortSignal.abort(reason) })(0)).rejects.toBe(reason);
    const abort = new AbortController();
    const step = pace({ signal: abort.signal });
    const work = async () => {
      for (let i = 0; ; i++) {
        await step(0);
        if (i === 10) abort.abort(reason);
      }
    };
    await expect(work()).rejects.toBe(reason);
  });
});

describe("part", () => {
  it("maps the shares of a part into those of the whole", async () => {
    const seen: number[] = [];
    const whole = async (share: number) => {
      seen.push(share);
    };
    const inner = part(part(whole, 0.5, 1), 0, 0.5);
    for (const share of [0, 0.5, 1]) await inner(share);
    expect(seen).toEqual([0.5, 0.625, 0.75]);
  });
});
