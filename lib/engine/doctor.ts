/** What this machine offers, and what stands in the way of more. */
import { totalmem } from "node:os";
import { basename, dirname } from "node:path";
import { compileCommand } from "./addon.js";
import type { Device } from "./device.js";
import { addonPath, binding, gpuPackages } from "./loaded-addon.js";
import { type Processors, processors } from "./processors.js";
import { defaultThreads } from "./threads.js";

/** What {@link doctor} found. */
export interface Diagnosis {
  /** File of the native addon; null when there is none that works. */
  readonly addon: string | null;
  /** The CPU and every GPU that the addon can use. */
  readonly devices: readonly Device[];
  /**
   * What draws the tokens of a model on a GPU: "cuda" on the device, "graph" from candidates, "cpu" where there is
   * none.
   */
  readonly sampler: "cpu" | "cuda" | "graph";
  /** CPU threads that decode by default: one for each core, within the quota of a container. */
  readonly threads: number;
  /** Processors that this process may use, and what decided how many. */
  readonly processors: Processors;
  /** Bytes of the machine. */
  readonly memory: number;
  /** What is not as it could be, each with what to do about it; empty when all is well. */
  readonly findings: readonly string[];
}

/**
 * Looks at the addon and the devices. Loads no model and never throws.
 * @example
 * import { doctor } from "corrsynth";
 * for (const finding of doctor().findings) console.log(finding);
 */
export function doctor(): Diagnosis {
  const machine = { threads: defaultThreads(), processors: processors(), memory: totalmem() };
  let addon: string;
  let devices: readonly Device[];
  try {
    devices = binding().devices();
    addon = addonPath();
  } catch (error) {
    return { addon: null, devices: [], sampler: "cpu", ...machine, findings: [(error as Error).message] };
  }
  const gpus = devices.filter(({ isGpu }) => isGpu);
  const cudaProblem = gpus.some(({ backend }) => backend === "cuda") ? binding().cudaSamplerProblem() : undefined;
  const findings: string[] = [];
  if (gpus.length === 0) findings.push(`No GPU was found: models run on the CPU. ${adviceForGpus(addon)}`);
  for (const { name, problem } of gpuPackages()) {
    if (problem !== "" && problem !== "not installed") findings.push(`${name} cannot be used: ${problem}`);
  }
  if (cudaProblem) {
    findings.push(
      `The CUDA sampler cannot be used (${cudaProblem}): some kilobytes a row cross to the host at every step. ` +
        `Run "${compileCommand("cuda")}", which compiles it`,
    );
  }
  const sampler = gpus.length === 0 ? "cpu" : cudaProblem === "" ? "cuda" : "graph";
  return { addon, devices, sampler, ...machine, findings };
}

// A prebuilt addon loads the backends of packages, one that was compiled has those that it was compiled with.
function adviceForGpus(addon: string): string {
  const missing = gpuPackages().flatMap(({ name, problem }) => (problem === "not installed" ? [name] : []));
  if (missing.length > 0 && basename(dirname(dirname(addon))) === "prebuilds") {
    return `On a machine that has one: npm install ${missing.join(" or ")}, of the same version as corrsynth`;
  }
  return (
    "The addon uses the GPUs that it was compiled for: on a machine that has one, with its toolkit, " +
    `run "${compileCommand("cuda")}" or "${compileCommand("vulkan")}"`
  );
}
