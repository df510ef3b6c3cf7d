// calibration.json of a run directory: kept with the first group, gone with a run that came to none, refused when damaged.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RunDirectory } from "../../../lib/store/run-directory.js";
import { description, groupOf } from "./runs.js";

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-calibration-"));
  path = join(parent, "run");
});
afterEach(() => rm(parent, { recursive: true }));

const calibration = { constants: [-3.25, -1e-7], from: "rows", texts: 32 } as const;

async function begun(): Promise<RunDirectory> {
  const directory = await RunDirectory.open(path);
  await directory.begin(description);
  await directory.calibrate(calibration);
  return directory;
}

it("comes back with the checkpoint of a run that goes on, number by number", async () => {
  const directory = await begun();
  await directory.commit(groupOf(0, ["a vole", "a beech"]));
  await directory.close({ state: "stopped" });
  const again = await RunDirectory.open(path);
  expect(again.checkpoint?.calibration).toEqual(calibration);
  await again.release();
});

it("goes with a run that is withdrawn before its first group", async () => {
  const directory = await begun();
  await directory.withdraw();
  await directory.release();
  expect(await readdir(parent)).toEqual([]);
});

it("is refused when it is not as a run writes it", async () => {
  const directory = await begun();
  await directory.commit(groupOf(0, ["a vole", "a beech"]));
  await directory.close({ state: "stopped" });
  const file = join(path, "calibration.json");
  const whole = await readFile(file, "utf8");
  for (const damaged of [whole.slice(0, -9), whole.replace("-3.25", '"x"'), "{}", ""]) {
    await writeFile(file, damaged);
    await expect(RunDirectory.open(path), damaged).rejects.toThrow(
      `${file}: Expected what calibrates the run's label check, as a run writes it`,
    );
  }
});
