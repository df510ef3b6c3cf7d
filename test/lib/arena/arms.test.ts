// Arms: those that ship can be had by a task, and whatever is wrong with others is said at once.
import { describe, expect, it } from "vitest";
import type { ArmInput } from "../../../lib/arena/arm.js";
import { resolvedArms, withFields } from "../../../lib/arena/arms.js";
import { armTask } from "../../../lib/arena/runs.js";
import { type ArmSet, armSets } from "../../../lib/arena/shipped.js";
import { contrastive, cross, guided, InvalidConfigError } from "../../../lib/index.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { task } from "../helpers/demo.js";

const withAmateur = task({ method: contrastive({ delta: 0.3 }), amateur: "demo", prompt: { format: "chat" } });
const withShots = task({
  method: cross({ delta: 0.33 }),
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 2 },
});
const withGuide = task({ method: guided({ weight: 0.5 }), guide: "demo" });

function refusal(arms: unknown, of = task()): string[] {
  try {
    resolvedArms(arms as ArmInput[], of);
  } catch (error) {
    return (error as InvalidConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  throw new Error("Expected a refusal");
}

describe("arms that ship", () => {
  it.each(Object.keys(armSets) as ArmSet[])("of %s begin with FewGen, have names of their own, and resolve", (name) => {
    const names = armSets[name].map((arm) => arm.name);
    expect(new Set(names).size).toBe(names.length);
    const found = [withAmateur, withGuide, withShots].map((base) => {
      const { arms } = resolvedArms(name, base);
      for (const { fields } of arms) expect(resolveSpec(withFields(base, fields)).labels).toHaveLength(4);
      return arms.map((arm) => arm.name);
    });
    expect(found[0]![0]).toBe("fewgen");
    expect([...new Set(found.flat())].sort()).toEqual([...names].sort());
    // a method whose second model is missing, and what the one task is by itself: chat, the other raw
    const lost = found.flatMap((own) => names.filter((one) => !own.includes(one)));
    expect(lost.filter((one) => !/^contrastive$|^guided$|^rounds-self$|-chat$|-raw$/.test(one))).toEqual([]);
  });

  it("are left out with the reason where the task lacks what they need", () => {
    const { leftOut } = resolvedArms("all", task({ method: cross({ delta: 0.33 }) }));
    expect(leftOut).toEqual([
      { name: "fewgen-raw", reason: "of this task it is the same as fewgen" },
      { name: "cross-0.5-raw", reason: "of this task it is the same as cross-0.5" },
      { name: "contrastive", reason: "the task has no amateur" },
      { name: "guided", reason: "the task has no guide" },
      {
        name: "rounds-self",
        reason: 'rounds.prompt.shots: Expected at least 2, since "self" chooses the examples, received 1',
      },
    ]);
    const bare = resolvedArms("quick", task({ method: cross(), seeds: undefined, prompt: { shots: 0 } }));
    expect(bare.leftOut).toEqual([{ name: "fewgen-check", reason: "the task has no seeds" }]);
  });

  it("of the paper have four strengths of each method, every CFG, and heat or none where it is said", () => {
    const { arms } = resolvedArms("paper", task());
    const methods = arms.map(({ fields }) => resolveSpec(withFields(task(), fields)).method);
    for (const name of ["cross", "intra"]) {
      const deltas = methods.flatMap((method) => (method.name === name && "delta" in method ? [method.delta] : []));
      expect([name, new Set(deltas).size]).toEqual([name, 4]);
    }
    expect(methods.filter(({ name }) => name === "hybrid").length).toBe(4 + 2); // and without a limit, and without examples
    expect(
      methods
        .filter(({ name }) => name.startsWith("cfg"))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["cfg-cross", "cfg-hybrid", "cfg-intra", "cfg-prompt"]);
    expect(methods.filter(({ name }) => name === "fewgen-matched")).toHaveLength(3);
    for (const { name, fields } of resolvedArms("heatless", task()).arms) {
      const { method } = resolveSpec(withFields(task(), fields));
      if ("gamma" in method && /-[\d.]+$/.test(name)) expect([name, method.gamma > 1]).toEqual([name, true]);
    }
  });
});

describe("an arm", () => {
  it("changes objects of settings field by field, takes fields away by null, and has the task's instruction as {task}", () => {
    const base = task({ sampling: { maxTokens: 24, temperature: 2 }, check: { by: "student" } });
    const changed = withFields(base, {
      sampling: { temperature: null, topP: 0.5 },
      check: null,
      prompt: { instruction: "{task}, in short" },
    });
    expect(changed.sampling).toEqual({ maxTokens: 24, seed: 7, topP: 0.5 });
    expect(changed).not.toHaveProperty("check");
    expect(changed.prompt).toMatchObject({ instruction: "Definition of {label}, in short", answer: ":" });
    expect(base).toMatchObject({ sampling: { temperature: 2 }, check: { by: "student" } });
  });

  //   rows, count of the task, rows by label
  it.each([
    [8, 16, { animal: 2, plant: 2, food: 2, person: 2 }],
    [10, 4, { animal: 3, plant: 3, food: 2, person: 2 }],
    [7, { animal: 30, plant: 10, food: 10, person: 0 }, { animal: 4, plant: 2, food: 1, person: 0 }],
  ] as const)("of %d rows shares them out as the task does with %j", (rows, count, shared) => {
    const of = armTask(
      task({ count, limits: { maxGroups: 1 } }),
      { fields: {} },
      { rows, seed: 3, seeds: "seeds.jsonl" },
    );
    expect(of).toMatchObject({
      count: shared,
      sampling: { seed: 10 },
      seeds: { from: "seeds.jsonl", tooLong: "error" },
    });
    expect(of).not.toHaveProperty("limits");
  });
});

describe("refused", () => {
  it("are all wrong fields of all arms at once, by the arm's name", () => {
    const issues = refusal([
      { name: "hot", fields: { sampling: { temperature: -1, topQ: 1 }, method: { name: "crosss" } } },
      { name: "other", fields: { labels: ["x"], count: 3, metod: {} } },
      { name: "seeded", fields: { sampling: { seed: 3 } } },
    ]);
    expect(issues).toEqual([
      expect.stringMatching(/^arms\.hot\.fields\.method.*Unknown name "crosss", did you mean "cross"\?/),
      expect.stringMatching(/^arms\.hot\.fields\.sampling.temperature: Expected more than 0, received -1/),
      expect.stringMatching(/^arms\.hot\.fields\.sampling: Unknown field "topQ", did you mean "topP"\?/),
      expect.stringMatching(/^arms\.other\.fields\.labels: Expected one of method, .* same for all arms/),
      expect.stringMatching(/^arms\.other\.fields\.count: Expected one of /),
      expect.stringMatching(/^arms\.other\.fields\.metod: Expected one of .*did you mean "method"\?/),
      expect.stringMatching(/^arms\.seeded\.fields\.sampling\.seed: Expected none/),
    ]);
  });

  const fields = {};
  const table: [arms: unknown, message: RegExp][] = [
    ["quik", /^arms: Unknown set of arms "quik", did you mean "quick"\?/],
    ["toString", /^arms: Unknown set of arms "toString"/],
    [[], /^arms: Expected a list of arms, or the name of a set, received a list of 0/],
    [[7], /^arms\[0\]: Expected an object, received 7/],
    [[{ name: "../up", fields }], /^arms\[0\]\.name: Expected 1 to 64 letters, .* received "\.\.\/up"/],
    [[{ name: "", fields }], /^arms\[0\]\.name: Expected 1 to 64 letters/],
    [
      [
        { name: "a", fields },
        { name: "A", fields },
      ],
      /^arms\[1\]\.name: Expected every name once, received "A" again/,
    ],
    [[{ name: "a" }], /^arms\[0\]\.fields: Expected an object, but it is missing/],
    [[{ name: "a", feilds: {} }], /^arms\[0\].*feilds/],
    [[{ name: "a", fields, rounds: { policy: "agreee" } }], /^arms\[0\]\.rounds\.policy: .*"agreee"/],
    [[{ name: "a", fields, rounds: { policy: "agree", rounds: 0 } }], /^arms\[0\]\.rounds\.rounds: /],
    [
      [{ name: "a", fields, rounds: { policy: "weights", rounds: 2 } }],
      /^arms\.a\.rounds\.rounds: Expected 1, since "weights"/,
    ],
    [
      [{ name: "a", fields: { prompt: { shots: 0 } }, rounds: { policy: "influence" } }],
      /^arms\.a\.rounds\.prompt\.shots: Expected at least 1/,
    ],
  ];
  it.each(table)("is %j", (arms, message) => {
    expect(
      refusal(arms).some((issue) => message.test(issue)),
      refusal(arms).join("\n"),
    ).toBe(true);
  });

  it("is a task that is wrong by itself, without a word of arms", () => {
    const wrong = { ...task(), count: 0 };
    expect(() => resolvedArms("quick", wrong)).toThrow(InvalidConfigError);
    expect(refusal("quick", wrong)).toEqual([expect.stringMatching(/^count: /)]);
  });
});
