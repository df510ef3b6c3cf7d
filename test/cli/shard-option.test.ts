import { expect, it } from "vitest";
import { type ArrayVariables, shardOf } from "../../lib/cli/shard-option.js";

const slurm = { SLURM_ARRAY_TASK_ID: "7", SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "5" };

it("reads a shard outright, of a Slurm array, and of a Kubernetes indexed job", () => {
  const table: [text: string, variables: ArrayVariables, index: number, count: number][] = [
    ["0/1", {}, 0, 1],
    ["3/4", slurm, 3, 4],
    ["auto", slurm, 2, 4],
    ["auto/4", slurm, 2, 4],
    ["auto", { SLURM_ARRAY_TASK_ID: "6", SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_STEP: "2" }, 3, 4],
    ["auto/9", { JOB_COMPLETION_INDEX: "8" }, 8, 9],
  ];
  for (const [text, variables, index, count] of table) expect(shardOf(text, variables)).toEqual({ index, count });
});

it("refuses what names no shard, and says what it expected", () => {
  const table: [text: string, variables: ArrayVariables, message: RegExp][] = [
    ["4/4", {}, /Expected a shard of 0..n-1, received 4 of 4/],
    ["0/0", {}, /received 0 of 0/],
    ["3", {}, /Expected i\/n as in 0\/4/],
    ["-1/4", {}, /Expected i\/n/],
    ["auto", {}, /Expected SLURM_ARRAY_TASK_ID .* received neither/],
    ["auto", { JOB_COMPLETION_INDEX: "0" }, /Expected auto\/n with n = "completions"/],
    ["auto/3", { JOB_COMPLETION_INDEX: "3" }, /received 3 of 3/],
    ["auto/5", slurm, /Expected auto\/4, the tasks of this Slurm array, received auto\/5/],
    ["auto", { ...slurm, SLURM_ARRAY_TASK_ID: "9" }, /without gaps, received 9 of 4 from 5 on: use --array=0-3/],
    ["auto", { SLURM_ARRAY_TASK_ID: "1" }, /Expected SLURM_ARRAY_TASK_COUNT/],
    ["auto/2", { JOB_COMPLETION_INDEX: "one" }, /JOB_COMPLETION_INDEX to be an integer/],
  ];
  for (const [text, variables, message] of table) expect(() => shardOf(text, variables)).toThrow(message);
});
