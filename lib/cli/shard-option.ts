// --shard: which part of the groups a machine makes, said outright or by the array job that it is part of.
import { invalidField } from "../errors.js";
import type { Shard } from "../index.js";

/** The variables that array jobs set. */
export type ArrayVariables = Readonly<Record<string, string | undefined>>;

/**
 * @param text  "i/n" with i of 0..n − 1; "auto", of a Slurm array; or "auto/n", of a Slurm array or a Kubernetes
 *   indexed job.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is none of these, or the variables are not there or
 *   contradict it.
 */
export function shardOf(text: string, variables: ArrayVariables): Shard {
  const parts = /^(auto|\d+)(?:\/(\d+))?$/.exec(text);
  const count = parts?.[2] === undefined ? undefined : Number(parts[2]);
  if (parts === null || (parts[1] !== "auto" && count === undefined)) {
    throw invalidField("--shard", `Expected i/n as in 0/4, "auto" or auto/n, received ${JSON.stringify(text)}`);
  }
  if (parts[1] === "auto") return ofArray(count, variables);
  return checked({ index: Number(parts[1]), count: count! });
}

function ofArray(count: number | undefined, variables: ArrayVariables): Shard {
  const slurm = slurmOf(variables);
  if (slurm !== undefined) {
    if (count !== undefined && count !== slurm.count) {
      throw invalidField(
        "--shard",
        `Expected auto/${slurm.count}, the tasks of this Slurm array, received auto/${count}`,
      );
    }
    return checked(slurm);
  }
  const index = integer(variables, "JOB_COMPLETION_INDEX");
  if (index === undefined) {
    throw invalidField(
      "--shard",
      "Expected SLURM_ARRAY_TASK_ID (a Slurm array) or JOB_COMPLETION_INDEX (a Kubernetes indexed job) " +
        "in the environment, received neither: give i/n",
    );
  }
  if (count === undefined) {
    throw invalidField(
      "--shard",
      'Expected auto/n with n = "completions" of the Kubernetes job, which is not in its environment',
    );
  }
  return checked({ index, count });
}

function slurmOf(variables: ArrayVariables): Shard | undefined {
  const id = integer(variables, "SLURM_ARRAY_TASK_ID");
  if (id === undefined) return undefined;
  const count = integer(variables, "SLURM_ARRAY_TASK_COUNT");
  if (count === undefined)
    throw invalidField("--shard", "Expected SLURM_ARRAY_TASK_COUNT beside SLURM_ARRAY_TASK_ID: give i/n");
  const first = integer(variables, "SLURM_ARRAY_TASK_MIN") ?? 0;
  const index = (id - first) / (integer(variables, "SLURM_ARRAY_TASK_STEP") || 1);
  if (Number.isInteger(index) && index >= 0 && index < count) return { index, count };
  throw invalidField(
    "--shard",
    `Expected the ids of a Slurm array without gaps, received ${id} of ${count} from ${first} on: ` +
      `use --array=0-${count - 1}`,
  );
}

function integer(variables: ArrayVariables, name: string): number | undefined {
  const text = variables[name];
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidField("--shard", `Expected ${name} to be an integer, received ${JSON.stringify(text)}`);
}

function checked({ index, count }: Shard): Shard {
  if (Number.isSafeInteger(count) && index < count) return { index, count };
  throw invalidField("--shard", `Expected a shard of 0..n-1, received ${index} of ${count}`);
}
