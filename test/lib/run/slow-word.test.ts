// A filter of the caller's that takes its time changes nothing but the time: same rows, same groups, and an end at once.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FinishedGroup, Instance, RunOptions, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { hybrid, loadTeacher, synthesize } from "../../../lib/index.js";
import { checkpointAfter, outcome, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

// Some labels lose more rows than others, so that top-up groups are made, and which depends on the verdicts.
const word = ({ text, label }: Instance) => text.length % (label === "food" ? 2 : 5) !== 0 || "own";
const late = (instance: Instance) => sleep((instance.text.length * 7) % 30).then(() => word(instance));

function spec(filters: SynthesisSpec["filters"], engine: SynthesisSpec["engine"] = { groups: 3 }): SynthesisSpec {
  const count = { animal: 8, plant: 3, food: 9, person: 5 };
  return task({ method: hybrid(), count, sampling: { stop: ["\n", ";"], maxTokens: 20, seed: 11 }, filters, engine });
}

async function groupsOf(given: SynthesisSpec, options: RunOptions = {}): Promise<FinishedGroup[]> {
  const groups: FinishedGroup[] = [];
  await outcome(teacher, given, { ...options, onGroup: (group) => void groups.push(group) });
  return groups;
}

test("the same groups, rows and counts as from one that answers at once", async () => {
  const table: SynthesisSpec["filters"][] = [
    { accept: late },
    { acceptGroup: (rows) => sleep(40).then(() => rows.map(word)) },
    { acceptGroup: (rows) => rows.map(word) },
  ];
  const atOnce = await groupsOf(spec({ accept: word }));
  expect(atOnce.flatMap((group) => group.labels).some(({ rejected }) => (rejected.own ?? 0) > 0)).toBe(true);
  for (const filters of table) expect(await groupsOf(spec(filters))).toEqual(atOnce);
});

test("a resumed run is the undisturbed one", async () => {
  const given = spec({ accept: late }, { reproducible: true });
  const whole = await groupsOf(given);
  for (const first of [1, whole.length - 2]) {
    const before = whole.slice(0, first);
    expect([...before, ...(await groupsOf(given, { resume: checkpointAfter(before) }))]).toEqual(whole);
  }
});

test("one that never answers holds neither abort nor a loop that is left", async () => {
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const never = () => {
    asked();
    return new Promise<boolean>(() => {});
  };
  const stop = new AbortController();
  const run = outcome(teacher, spec({ accept: never }), { signal: stop.signal });
  await isAsked;
  stop.abort(new Error("enough"));
  await expect(run).rejects.toThrow("enough");

  const neverAgain = ({ group }: Instance) => group === 0 || new Promise<boolean>(() => {});
  const left = synthesize(teacher, spec({ accept: neverAgain }));
  for await (const { group } of left) {
    expect(group).toBe(0);
    await sleep(100); // the next groups are being judged
    break;
  }
  expect((await left.finished).groups).toBe(1);
}, 20_000);

test("what it throws comes after the groups that were accepted before", async () => {
  const accept = async ({ group, id }: Instance) => {
    if (group === 2) throw new Error(`no opinion on ${id}`);
    return true;
  };
  const groups: number[] = [];
  const run = outcome(teacher, spec({ accept }), { onGroup: ({ group }) => void groups.push(group) });
  await expect(run).rejects.toMatchObject({ code: "CORRSYNTH_FILTER", at: "row 2.0" });
  expect(groups).toEqual([0, 1]);
});
