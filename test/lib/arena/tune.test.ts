// What tune makes of figures: a better setting where there is one beyond chance, else the task as it was.
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { taskFile, writtenTask } from "../../../lib/arena/task-file.js";
import { settingsOf, tunedBy } from "../../../lib/arena/tune.js";
import { cross, hybrid } from "../../../lib/index.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { task } from "../helpers/demo.js";
import { recordOf } from "./figures.js";

const own = [50, 52, 48, 51, 49];

describe("tune", () => {
  it("takes the setting that is better by more than chance, and says which and how sure it is", () => {
    const { isBetter, reasons } = tunedBy(
      recordOf({ yours: own, cross: [55, 58, 52, 57, 53], hot: [40, 45, 41, 39, 42] }),
    );
    expect(isBetter).toBe(true);
    expect(reasons).toMatch(/^cross beats yours: \+5\.0 .*The task file has cross: {"method":{"name":"cross"}}\.$/);
  });

  it.each([
    ["no difference leaves zero", { yours: own, cross: [55, 48, 52, 50, 51] }],
    ["all are worse", { yours: own, cross: [40, 45, 41, 39, 42] }],
    ["there are too few seeds", { yours: own.slice(0, 3), cross: [60, 62, 59] }],
  ])("leaves the task as it was where %s", (_, accuracies) => {
    const { isBetter, reasons } = tunedBy(recordOf(accuracies));
    expect(isBetter).toBe(false);
    expect(reasons).toMatch(
      /^Found no setting that is better than yours by more than chance: the task stays as it was\. /,
    );
  });

  it("says that its time was over, and how far it came", () => {
    const record = recordOf({ yours: own.slice(0, 3), cross: [60, 62, 59] }, { state: "stopped" });
    expect(tunedBy(record).reasons).toContain("The time was over after 3 of 5 seeds: the same command goes on.");
  });
});

describe("settings to try", () => {
  const names = (of: ReturnType<typeof task>) => settingsOf(of).map(({ name }) => name);
  it("are what the task has not", () => {
    expect(names(task({ method: hybrid() }))).toEqual([
      ...["yours", "fewgen", "cross-0.5", "cross-1", "hybrid-0.5", "fewgen-check", "cross-0.5-check"],
      ...["cooler", "hotter", "ends-kept", "check"],
    ]);
    const kept = task({
      method: cross({ contrast: 0.5, heat: "none" }),
      check: { by: "student" },
      sampling: { ends: "kept" },
    });
    expect(names(kept)).not.toContain("cross-0.5"); // the same as yours
    expect(names(kept)).toEqual(expect.arrayContaining(["yours", "ends-contrasted", "no-check"]));
  });

  it("are without a check where the task has no seeds", () => {
    expect(names(task({ seeds: undefined, prompt: { shots: 0 } })).filter((name) => name.includes("check"))).toEqual(
      [],
    );
  });
});

describe("the task file", () => {
  const winner = {
    arm: "cross",
    fields: { method: { name: "cross", contrast: 0.5 }, sampling: { temperature: 0.8 }, check: null },
  };
  it("is the task with the winner's fields and sound", () => {
    const written = writtenTask(task({ seeds: "seeds.jsonl", check: { by: "student" } }), {
      teacher: "/m/t.gguf",
      seeds: "",
    });
    const { teacher, ...fields } = parse(taskFile(written, winner, "won\nsampling: {}")) as Record<string, unknown>;
    expect(teacher).toBe("/m/t.gguf");
    expect(fields).toMatchObject({ method: winner.fields.method, sampling: { temperature: 0.8, maxTokens: 24 } });
    expect([fields.check, String(fields.seeds).endsWith("/seeds.jsonl")]).toEqual([undefined, true]);
    expect(resolveSpec(fields).method.name).toBe("cross");
  });

  it("is the task as it was where nothing won, with a file in place of seeds that a program gave", () => {
    const written = writtenTask(task(), { teacher: "demo", seeds: "out/seeds/prompts.jsonl" });
    const fields = parse(taskFile(written, null, "nothing won")) as Record<string, unknown>;
    expect(fields).toMatchObject({ method: { name: "fewgen" }, seeds: "out/seeds/prompts.jsonl" });
  });
});
