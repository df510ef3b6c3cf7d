// Arms that are made in rounds: as many rows as the others, what all rounds cost, and the same when it goes on.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ArenaResult, runArena } from "../../../lib/arena/arena.js";
import type { ArmInput } from "../../../lib/arena/arm.js";
import { resolvedArms } from "../../../lib/arena/arms.js";
import { rowsOfRound } from "../../../lib/arena/rounds-run.js";
import { arenaStatus } from "../../../lib/arena/status.js";
import { InvalidConfigError, loadTeacher, type Teacher } from "../../../lib/index.js";
import type { Report } from "../../../lib/run/report.js";
import { readManifest } from "../../../lib/store/manifest.js";
import { task } from "../helpers/demo.js";

const method = { name: "fewgen" };
const arms: ArmInput[] = [
  { name: "influence", fields: { method }, rounds: { policy: "influence" } },
  { name: "weights", fields: { method }, rounds: { policy: "weights" } },
];
const small = task({ engine: { reproducible: true } });
const plan = { arms, rows: 16, seeds: 1 };

describe("an arm in rounds", () => {
  let parent: string;
  let path: string;
  let teacher: Teacher;
  let result: ArenaResult;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), "corrsynth-arena-rounds-"));
    path = join(parent, "arena");
    teacher = await loadTeacher("demo");
    result = await runArena(path, teacher, small, plan);
  });
  afterAll(async () => {
    await teacher.close();
    await rm(parent, { recursive: true });
  });

  it("has as many rows as the others, and is judged like them", () => {
    for (const { arm, isWhole, rows, equal, accepted } of result.record.runs) {
      expect([arm, isWhole, rows]).toEqual([arm, true, 16]);
      expect([arm, equal.rows.rows, equal.rows.proxy.withSeeds]).toEqual([arm, 16, expect.any(Number)]);
      expect(accepted).toBeGreaterThan(0);
    }
  });

  it("costs what its rounds do, all together", async () => {
    const run = result.record.runs.find(({ arm }) => arm === "influence")!;
    const reports: Report[] = [];
    for (const round of [1, 2]) {
      reports.push((await readManifest(join(path, `arms/influence/seed-0/round-${round}`)))!.report as Report);
    }
    const total = (of: (report: Report) => number) => reports.reduce((sum, report) => sum + of(report), 0);
    expect(run.tokens).toBe(total((report) => report.decodedTokens + report.promptTokens));
    expect(run.groups).toBe(total(({ groups }) => groups));
    expect(reports.every(({ groups }) => groups > 0)).toBe(true);
  });

  it("is told by status, and goes on without making anything again", async () => {
    expect(await arenaStatus(path)).toMatchObject({
      state: "done",
      arms: ["fewgen", "influence", "weights"].map((arm) => ({ arm, done: 1, begun: 1, rows: 16 })),
    });
    const data = join(path, "arms/influence/seed-0/dataset/data.jsonl");
    const before = await readFile(data, "utf8");
    const again = await runArena(path, teacher, small, plan);
    expect(await readFile(data, "utf8")).toBe(before);
    expect(again.record.runs).toEqual(result.record.runs);
  });
});

//   policy, rounds, rows that a round is to ask for of 30
it.each([
  ["agree", 2, 30],
  ["weights", undefined, 30],
  ["influence", undefined, 15],
  ["influence", 4, 8],
  ["self", 2, 15],
] as const)("of %s in %s rounds each asks for %i of 30 rows", (policy, rounds, rows) => {
  expect(rowsOfRound(30, rounds === undefined ? { policy } : { policy, rounds })).toBe(rows);
});

it("is refused where tokens are counted, and left out of a set", () => {
  expect(() => resolvedArms(arms.slice(0, 1), small, undefined, 1000)).toThrow(
    new InvalidConfigError([
      {
        path: "arms.influence.rounds",
        message: "Expected none where tokens are counted: rounds make as many rows as are asked for",
      },
    ]).message,
  );
  const { leftOut } = resolvedArms("all", small, undefined, 1000);
  expect(leftOut.filter(({ name }) => name.startsWith("rounds-")).length).toBe(4);
});
