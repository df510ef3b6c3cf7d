// Names are the user's: any text may be one, and there may be very many.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTaskFile } from "../../../lib/cli/task-file.js";
import { InvalidConfigError } from "../../../lib/errors.js";
import { remedy } from "../../../lib/filters/reasons.js";
import { rejectFilter } from "../../../lib/filters/words.js";
import type { Instance } from "../../../lib/instance.js";
import { readSeeds } from "../../../lib/prompt/seeds.js";
import { packResult, unpackResult } from "../../../lib/queue/job-result.js";
import { resultLimits } from "../../../lib/queue/result-limits.js";
import { Ledger, reasonCounts } from "../../../lib/run/ledger.js";
import { journalLine, readJournal, tallies } from "../../../lib/store/journal.js";
import { resolveSpec } from "../../../lib/task/spec.js";

const base = { labels: ["a", "b"], prompt: { instruction: "{label}", shots: 0 }, count: 2 };

async function issuesOf(action: () => unknown) {
  try {
    await action();
  } catch (error) {
    if (error instanceof InvalidConfigError) return error.issues;
    throw error;
  }
  return [];
}

/** An object with keys of its own, as JSON and YAML give them: in a literal `__proto__` sets the prototype. */
const own = (entries: [string, unknown][]) => Object.fromEntries(entries);

describe("names that every object has", () => {
  const names = ["constructor", "toString", "hasOwnProperty"];

  it("are labels, counted and described like any other", () => {
    const labels = own(names.map((name) => [name, `a ${name}`]));
    const count = own(names.map((name, i) => [name, i]));
    expect(resolveSpec({ ...base, labels, count })).toMatchObject({
      labels: names.map((name) => ({ name, verbalization: `a ${name}` })),
      count: [0, 1, 2],
    });
  });

  it("are attributes", () => {
    const attributes = own(names.map((name) => [name, [name]]));
    const prompt = { instruction: `{label} ${names.map((name) => `{${name}}`).join(" ")}`, shots: 0 };
    expect(resolveSpec({ ...base, prompt, attributes }).attributes).toEqual(attributes);
  });

  it("are missed among the counts where they are not given", async () => {
    const labels = [...names, "a"];
    expect(await issuesOf(() => resolveSpec({ ...base, labels, count: { a: 1 } }))).toEqual(
      names.map((name) => ({ path: `count.${name}`, message: "Expected an integer of at least 0, but it is missing" })),
    );
  });

  it("are told, never lost, where they cannot be: __proto__", async () => {
    //             field        value                                            path                    message
    const table: [Record<string, unknown>, string, string][] = [
      [
        {
          labels: own([
            ["a", "x"],
            ["__proto__", "y"],
          ]),
        },
        "labels.__proto__",
        'Expected a name other than "__proto__"',
      ],
      [
        {
          labels: own([
            ["a", "x"],
            ["__proto__", 5],
          ]),
        },
        "labels.__proto__",
        "Expected a text, received 5",
      ],
      [
        {
          count: own([
            ["a", 1],
            ["b", 1],
            ["__proto__", 1],
          ]),
        },
        "count",
        'Unknown label "__proto__"',
      ],
      [{ attributes: own([["__proto__", ["x"]]]) }, "attributes.__proto__", '"__proto__" has a meaning of its own'],
      [{ sampling: own([["__proto__", 1]]) }, "sampling", 'Unknown field "__proto__"'],
      [own([["__proto__", 1]]), "", 'Unknown field "__proto__"'],
    ];
    for (const [change, path, message] of table) {
      const task = own([...Object.entries(base), ...Object.entries(change)]);
      expect(await issuesOf(() => resolveSpec(task))).toEqual([{ path, message: expect.stringContaining(message) }]);
    }
  });
});

describe.each(["__proto__", "constructor"])("a filter named %s", (name) => {
  const { reject } = resolveSpec({ ...base, filters: { reject: [{ name, pattern: "x" }] } }).filters;
  const reason = rejectFilter(reject)({ text: "x" } as Instance)!;
  const ledger = new Ledger([1]);
  ledger.reject(0, reason);
  ledger.reject(0, reason);
  const labels = ledger.closeGroup();

  it("counts what it rejects", () => {
    expect(reasonCounts(ledger.counts()[0]!.rejected)).toBe(`2 ${name}`);
    expect(remedy(reason)).toMatch(/^see the task's filters\.reject/);
  });

  it("counts on in a run that goes on", async () => {
    const directory = await mkdtemp(join(tmpdir(), "corrsynth-names-"));
    try {
      const path = join(directory, "journal.jsonl");
      await writeFile(path, journalLine({ group: 0, labels, rows: 0, bytes: 0 }));
      const resumed = new Ledger([1], tallies((await readJournal(path)).entries));
      expect(reasonCounts(resumed.counts()[0]!.rejected)).toBe(`2 ${name}`);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("counts on its way through a queue", async () => {
    const result = { groups: [{ group: 0, instances: [], labels }], tokens: 0, seconds: 0 };
    const { groups } = await unpackResult(
      await packResult(result),
      { first: 0, count: 1 },
      ["a"],
      resultLimits(resolveSpec(base)),
    );
    expect(reasonCounts(groups[0]!.labels[0]!.rejected)).toBe(`2 ${name}`);
  });
});

// Each took minutes to hours when every name was compared with every other.
describe("of a hundred thousand names", () => {
  const labels = Array.from({ length: 100_000 }, (_, i) => `label-${i}`);
  const typo = (label: string) => `${label.replace("a", "e")}x`;

  it("that are no labels each is told, the first 20 with the nearest that is one", async () => {
    const count = own(labels.map((label) => [typo(label), 1]));
    const issues = await issuesOf(() => resolveSpec({ ...base, labels, count, method: { name: "fewgen" } }));
    const unknown = issues.filter(({ message }) => message.startsWith("Unknown label"));
    expect(unknown.length).toBe(100_000);
    expect(unknown[7]).toEqual({ path: "count", message: 'Unknown label "lebel-7x", did you mean "label-7"?' });
    expect(unknown[20]).toEqual({ path: "count", message: 'Unknown label "lebel-20x"' });
  });

  it("of labels in three times as many seeds twenty are told and the rest counted", async () => {
    const seeds = Array.from({ length: 3 }, () => labels.map((label) => ({ text: "t", label: typo(label) }))).flat();
    const issues = await issuesOf(() =>
      readSeeds(
        seeds,
        labels.map((name) => ({ name })),
        "seeds",
      ),
    );
    const message = 'Unknown label "lebel-3x", did you mean "label-3"? (3 times, also at 100003, 200003)';
    expect(issues[3]).toEqual({ path: "seeds[3]", message });
    expect(issues.slice(20)).toEqual([{ path: "seeds", message: "and 299940 more that are wrong" }]);
  });

  it("that are the same one is told, with how often", async () => {
    const issues = await issuesOf(() => resolveSpec({ ...base, labels: labels.map(() => "a"), count: 1 }));
    const message = "Expected every label once, received this one again (99999 times)";
    expect(issues).toContainEqual({ path: "labels.a", message });
    expect(issues.length).toBeLessThan(5);
  });

  it("of placeholders twenty are told, and few of those that are known", async () => {
    const attributes = own(labels.map((label) => [label, ["x"]]));
    const prompt = { instruction: labels.map((label) => `{${typo(label)}}`).join("} "), shots: 0 };
    const issues = await issuesOf(() => resolveSpec({ ...base, prompt, attributes }));
    const messages = issues.filter(({ path }) => path === "prompt.instruction").map(({ message }) => message);
    expect(messages[20]).toBe("and 99979 more lone braces");
    expect(messages[21]).toMatch(
      /^Unknown placeholder \{lebel-0x\}, did you mean "label-0"\? \(known: \{label\}, .{1,400}\)$/,
    );
    expect(messages[41]).toBe("and 99980 more unknown placeholders");
    expect(messages.length).toBe(43); // and that without {label} all labels have the same prompt
  });

  it("in a task file each has its line", async () => {
    const directory = await mkdtemp(join(tmpdir(), "corrsynth-names-"));
    try {
      const file = join(directory, "task.yaml");
      await writeFile(file, `teacher: demo\ncount:\n${labels.map((label) => `  ${label}: -1\n`).join("")}`);
      const task = await readTaskFile(file);
      const issues = await issuesOf(() => {
        try {
          resolveSpec(task.spec);
        } catch (error) {
          throw task.locate(error);
        }
      });
      const message = "Expected at least 0, received -1";
      expect(issues).toContainEqual({ path: `${file}:100002: count.label-99999`, message });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

it("a task that was resolved is not resolved again", () => {
  const spec = resolveSpec({ ...base, labels: { a: "an a", b: "a b" }, sampling: { seed: 2n ** 64n - 1n } });
  expect(resolveSpec(spec)).toBe(spec);
  // its copy is another object, and has the forms of a caller's no longer
  expect(() => resolveSpec({ ...spec })).toThrow(InvalidConfigError);
});
