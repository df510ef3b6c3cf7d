// How a run is watched and stopped from outside its loop: onProgress and signal.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Progress, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { cross, hybrid, loadTeacher, synthesize } from "../../../lib/index.js";
import { labels, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const names = Object.keys(labels);

describe("onProgress", () => {
  test("is called at most about ten times a second, only forwards, and at the end with the whole", async () => {
    const seen: Progress[] = [];
    const { instances, report } = await outcome(
      teacher,
      task({ count: 600, sampling: { maxTokens: 16, seed: 7 }, method: cross() }),
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.length).toBeLessThanOrEqual(report.seconds * 10 + 2);
    for (const field of [
      "accepted",
      "groups",
      "generatedTokens",
      "decodedTokens",
      "promptTokens",
      "seconds",
    ] as const) {
      const values = seen.map((progress) => progress[field]);
      expect(values, field).toEqual(values.toSorted((a, b) => a - b));
    }
    const last = seen.at(-1)!;
    expect(last).toMatchObject({ accepted: 600, wanted: 600, secondsLeft: 0, generatedTokens: report.generatedTokens });
    expect(last.labels).toEqual(Object.fromEntries(names.map((name) => [name, { wanted: 150, accepted: 150 }])));
    expect(instances.length).toBe(600);
  });

  test("that throws stops the run with what it threw", async () => {
    const bad = new Error("the terminal is gone");
    const run = synthesize(teacher, task({ count: 4000 }), {
      onProgress: () => {
        throw bad;
      },
    });
    const loop = async () => {
      for await (const _ of run);
    };
    await expect(loop()).rejects.toBe(bad);
    await expect(run.finished).rejects.toBe(bad);
  });
});

describe("signal", () => {
  async function takeUntilAborted(spec: SynthesisSpec, abort: (n: number, controller: AbortController) => void) {
    const controller = new AbortController();
    const run = synthesize(teacher, spec, { signal: controller.signal });
    let afterAbort = 0;
    let taken = 0;
    let thrown: unknown;
    try {
      for await (const _ of run) {
        if (controller.signal.aborted) afterAbort++;
        abort(++taken, controller);
      }
    } catch (error) {
      thrown = error;
    }
    const finished = await run.finished.then(
      () => "resolved",
      (error) => error,
    );
    return { taken, afterAbort, thrown, finished };
  }

  test("aborted in the loop: the very next step rejects with its reason", async () => {
    const reason = new Error("enough");
    const result = await takeUntilAborted(task({ count: 4000, method: hybrid() }), (n, controller) => {
      if (n === 3) controller.abort(reason);
    });
    expect(result).toEqual({ taken: 3, afterAbort: 0, thrown: reason, finished: reason });
  });

  test("aborted after the consumer slept on a full buffer: the same", async () => {
    const reason = { any: "value" };
    const controller = new AbortController();
    const run = synthesize(teacher, task({ count: 4000 }), { signal: controller.signal });
    const instances = run[Symbol.asyncIterator]();
    await instances.next();
    await sleep(300);
    controller.abort(reason);
    await expect(instances.next()).rejects.toBe(reason);
    await expect(run.finished).rejects.toBe(reason);
    expect(await instances.next()).toEqual({ done: true, value: undefined });
  });

  test("aborted while the engine decodes the first group", async () => {
    const controller = new AbortController();
    const reason = new Error("too slow");
    // a group comes when its last row has ended, of 32 that may have 480 tokens
    const spec = task({
      count: 4000,
      method: cross({ repeat: 8 }),
      sampling: { maxTokens: 480 },
      engine: { groups: 1 },
    });
    const seen: Progress[] = [];
    const run = synthesize(teacher, spec, {
      signal: controller.signal,
      onProgress: (progress) => {
        seen.push(progress);
        controller.abort(reason);
      },
    });
    await expect(run[Symbol.asyncIterator]().next()).rejects.toBe(reason);
    expect(seen[0]).toMatchObject({ groups: 0, accepted: 0, groupsInFlight: 1 });
    expect(seen.length).toBe(1);
  });

  test("aborted after the last instance: nothing happens", async () => {
    const controller = new AbortController();
    const { instances } = await outcome(teacher, task(), { signal: controller.signal });
    controller.abort();
    expect(instances.length).toBe(16);
  });

  test("of a run that is done is let go of", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    await outcome(teacher, task(), { signal });
    expect(listeners).toBe(0);
  });
});
