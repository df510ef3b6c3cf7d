// How a run is watched and stopped from outside its loop: onProgress and signal.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Progress, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { cross, hybrid, loadTeacher, type RunOptions, synthesize } from "../../../lib/index.js";
import { labels, outcome, seeds, task } from "../helpers/demo.js";

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

describe("whatever the run waits for, a signal ends the wait:", () => {
  let waits: () => void;
  const never = () => {
    waits();
    return new Promise<never>(() => {});
  };
  // gives all there is, and does not come to an end
  async function* endless<Item>(items: readonly Item[]) {
    yield* items;
    await never();
  }
  const withContext = task({ prompt: { instruction: "{context}: {label}", shots: 0 }, seeds: undefined });
  const labelCounts = names.map(() => ({ accepted: 1, surplus: 0, rejected: {} }));
  const resume = { groups: 1, labels: labelCounts, accepted: endless([{ text: "a" }]) };
  const hanging: [what: string, spec: SynthesisSpec, options: RunOptions, taken: number][] = [
    ["seeds that never end", task({ seeds: endless(seeds) }), {}, 0],
    ["contexts that never end", { ...withContext, contexts: endless([{ text: "a" }]) }, {}, 0],
    ["accepted rows that never end", task({ filters: {} }), { resume }, 0],
    ["an onGroup that never settles", task({ count: 400, engine: { groups: 2 } }), { onGroup: never }, 4],
  ];

  test.each(hanging)("%s", async (_, spec, options, taken) => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const run = synthesize(teacher, spec, { ...options, signal: controller.signal });
    let count = 0;
    const loop = (async () => {
      for await (const _ of run) count++;
    })();
    await waiting;
    await sleep(20);
    const aborted = performance.now();
    controller.abort(reason);
    await expect(loop).rejects.toBe(reason);
    await expect(run.finished).rejects.toBe(reason);
    expect(performance.now() - aborted).toBeLessThan(5000); // a second for onGroup; the machine does other things
    expect(count).toBe(taken);
  });

  test("a slow onGroup is waited for all the same, and so are the groups behind it", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const groups: number[] = [];
    let goOn = () => {};
    const isAhead = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const run = synthesize(teacher, task({ count: 4000, engine: { groups: 2 } }), {
      signal: controller.signal,
      onProgress: ({ groups }) => {
        if (groups >= 2) goOn();
      },
      onGroup: async ({ group }) => {
        await isAhead;
        if (group === 0) controller.abort(reason);
        await sleep(20);
        groups.push(group);
      },
    });
    await expect(outcomeOf(run)).rejects.toBe(reason);
    const { length } = groups;
    expect(length).toBeGreaterThan(1);
    expect(groups).toEqual(groups.map((_, i) => i));
    await sleep(200);
    expect(groups.length).toBe(length); // none after the end
  });
});

async function outcomeOf(run: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of run);
}

describe("what the caller's functions throw, be it nothing, stops the run and names them:", () => {
  for (const thrown of [undefined, null]) {
    const fail = () => {
      throw thrown;
    };
    const later = () => Promise.reject(thrown);
    const failing = async function* () {
      yield* [];
      throw thrown;
    };
    const table: [name: string, spec: SynthesisSpec, options: RunOptions][] = [
      ["onProgress", task({ count: 400 }), { onProgress: fail }],
      ["onGroup", task(), { onGroup: fail }],
      ["onGroup", task(), { onGroup: later }],
      ["seeds", task({ seeds: failing() }), {}],
    ];
    test.each(table)(`${thrown} by %s`, async (name, spec, options) => {
      const run = synthesize(teacher, spec, options);
      const error = await outcomeOf(run).catch((error: unknown) => error);
      expect(error).toMatchObject({ code: "CORRSYNTH_INVALID_CONFIG" });
      expect((error as Error).message).toMatch(
        new RegExp(`^${name}: Expected it to throw an Error when it fails, received ${thrown}: `),
      );
      await expect(run.finished).rejects.toBe(error);
    });
  }

  test.each([undefined, null])("%s by accept, at the row that it was asked about", async (thrown) => {
    const accept = () => {
      throw thrown;
    };
    await expect(outcome(teacher, task({ filters: { accept } }))).rejects.toThrow(
      `filters.accept failed: filters.accept: Expected it to throw an Error when it fails, received ${thrown}: ` +
        "throw one that says what is wrong, at row ",
    );
  });
});

test("options that are none are refused at once, all of them", () => {
  const table: [options: object, message: string][] = [
    [{ signal: {} }, "signal: Expected an AbortSignal, received an object"],
    [{ signal: null }, "signal: Expected an AbortSignal, received null"],
    [{ onProgress: 3 }, "onProgress: Expected a function, received 3"],
    [
      { onGroup: "write", onProgress: {} },
      'onProgress: Expected a function, received an object\nonGroup: Expected a function, received "write"',
    ],
  ];
  for (const [options, message] of table) {
    expect(() => synthesize(teacher, task(), options as RunOptions)).toThrow(message);
  }
});
