// Groups that make up for rejected rows: what they have, what they save, and that they come out the same again.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Checkpoint, cross, type FinishedGroup, fewgen, loadTeacher, type Teacher } from "../../../lib/index.js";
import { type Overrides, outcome, task, words } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const names = ["animal", "plant", "food", "person", "tool", "place", "event", "feeling"];
const labels = Object.fromEntries(names.map((name) => [name, `a ${name}`]));

/** Rows of the label "tool" in the first three groups are rejected. */
const lacking = (overrides: Overrides = {}) =>
  task({
    labels,
    seeds: undefined,
    prompt: { shots: 0 },
    count: 8,
    ...overrides,
    engine: { groups: 1, ...overrides.engine },
    filters: {
      ...{ unfinished: "keep", duplicates: false, nearDuplicates: false, runOns: false, script: false },
      ...{ repetition: false, keepRejected: true },
      accept: ({ label, group }) => label !== "tool" || group >= 3 || "test",
    },
  });

async function groupsOf(overrides: Overrides, resume?: Checkpoint) {
  const groups: FinishedGroup[] = [];
  const found = await outcome(teacher, lacking(overrides), { onGroup: (group) => void groups.push(group), resume });
  return { ...found, groups };
}

const labelsOf = ({ labels: tallies }: FinishedGroup) =>
  tallies.flatMap(({ accepted, surplus, rejected }, label) =>
    accepted + surplus + Object.keys(rejected).length > 0 ? [names[label]] : [],
  );

describe("a label that lacks its last row", () => {
  it("costs a row of its own where rows have no partners", async () => {
    const { groups, report } = await groupsOf({ method: fewgen() });
    expect(groups.map(labelsOf)).toEqual([names, ["tool"], ["tool"], ["tool"]]);
    expect(Object.values(report.labels).map(({ accepted }) => accepted)).toEqual(names.map(() => 1));
    const whole = await groupsOf({ method: fewgen(), engine: { reproducible: true } });
    expect(whole.groups.map(labelsOf)).toEqual([names, names, names, names]);
    expect(report.decodedTokens).toBeLessThan(whole.report.decodedTokens / 2);
    expect(report.promptTokens).toBeLessThan(whole.report.promptTokens / 2);
  });

  it("has three other labels to be contrasted with, drawn anew for each group", async () => {
    const { groups, report } = await groupsOf({ method: cross() });
    const topUps = groups.slice(1).map(labelsOf);
    expect(topUps.map((each) => each.length)).toEqual([4, 4, 4]);
    for (const each of topUps) expect(each).toContain("tool");
    expect(new Set(topUps.map(String)).size).toBeGreaterThan(1);
    expect(report.uncontrastedShare).toBeLessThan(0.5);
    expect(groups.flatMap(({ instances }) => instances).length).toBe(8);
  });

  it("comes out the same twice, and after a stop behind any group", async () => {
    const undisturbed = await groupsOf({ method: cross() });
    expect(words(await groupsOf({ method: cross() }))).toEqual(words(undisturbed));
    for (const stop of [1, 2, 3]) {
      const before = undisturbed.groups.slice(0, stop);
      const tallies = names.map((_, label) => {
        const accepted = before.reduce((sum, group) => sum + group.labels[label]!.accepted, 0);
        return { accepted, surplus: 0, rejected: {} };
      });
      const { groups } = await groupsOf({ method: cross() }, { groups: stop, labels: tallies });
      expect(groups).toEqual(undisturbed.groups.slice(stop));
    }
  });

  it("gets its row also where several groups are decoded together", async () => {
    const { report, groups } = await groupsOf({ method: cross(), count: 24, engine: { groups: 4 } });
    expect(Object.values(report.labels).map(({ accepted }) => accepted)).toEqual(names.map(() => 3));
    expect(labelsOf(groups.at(-1)!).length).toBe(4);
  });
});

it("a rejected row comes with its group, its reason and its text", async () => {
  const { groups } = await groupsOf({ method: fewgen() });
  expect(groups.map(({ rejected }) => rejected?.map(({ id, label, reason }) => [id, label, reason]))).toEqual([
    [["0.4", "tool", "test"]],
    [["1.4", "tool", "test"]],
    [["2.4", "tool", "test"]],
    [],
  ]);
  expect(groups[0]!.rejected![0]).toMatchObject({ text: expect.stringMatching(/\w/), group: 0, repeat: 0 });
});
