/** How many processors this process may use: those there are, those it is bound to, or what a container's quota allows. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

/** How many, and which of the limits it is. */
export interface Processors {
  /** Integer ≥ 1. */
  readonly count: number;
  /**
   * Cores that these come to: hardware threads of one core count once, where the system says which they are (Linux), and
   * never more than `count`.
   */
  readonly cores: number;
  /**
   * What decided: the processors of the machine, those that the process is bound to (taskset, cpuset), or the CPU quota
   * of a control group, which is how containers are limited.
   */
  readonly decidedBy: "machine" | "affinity" | "quota";
}

/**
 * The least of the three.
 * @param machine  what the system says; tests bring their own.
 * @param root  folder below which /proc and /sys lie.
 */
export function processors(
  machine: { readonly total: number; readonly usable: number } = {
    total: cpus().length,
    usable: availableParallelism(), // from Node 22.12 on it knows quotas, but not on every system
  },
  root = "/",
): Processors {
  const allowed = Math.max(1, Math.floor(cpuQuota(root)));
  const count = Math.min(machine.usable, allowed);
  const cores = Math.min(count, coresOf(root) ?? count);
  if (allowed === count && (allowed < machine.usable || machine.usable < machine.total)) {
    return { count, cores, decidedBy: "quota" };
  }
  return { count, cores, decidedBy: machine.usable < machine.total ? "affinity" : "machine" };
}

// Cores that have a processor to which this process is bound; undefined where the system does not say.
function coresOf(root: string): number | undefined {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(read(join(root, "proc/self/status")) ?? "")?.[1];
  if (list === undefined) return undefined;
  const cores = new Set<string>();
  for (const range of list.split(",")) {
    const [first, last = first] = range.split("-").map(Number);
    for (let processor = first!; processor <= last!; processor++) {
      const folder = join(root, "sys/devices/system/cpu", `cpu${processor}`, "topology");
      const siblings = read(join(folder, "core_cpus_list")) ?? read(join(folder, "thread_siblings_list"));
      if (siblings === undefined) return undefined;
      cores.add(siblings.trim());
    }
  }
  return cores.size;
}

/**
 * Processors whose time the control groups of this process may use, may be a fraction: the least quota on the way from
 * its own group to the root, in cgroup v2 and v1; Infinity where none is set, and where there are no control groups.
 * @param root  folder below which /proc/self/cgroup and /sys/fs/cgroup lie.
 */
export function cpuQuota(root = "/"): number {
  const lines = (read(join(root, "proc/self/cgroup")) ?? "").split("\n");
  const quotas = lines.flatMap((line) => {
    // "0::/path" of version 2, "4:cpu,cpuacct:/path" of version 1
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    const isUnified = id === "0" && controllers === "";
    if (!isUnified && !controllers!.split(",").includes("cpu")) return [];
    const mounts = isUnified ? ["", "unified"] : [controllers!, "cpu", "cpu,cpuacct"];
    return mounts.flatMap((mount) => quotasOn(path, join(root, "sys/fs/cgroup", mount), isUnified));
  });
  return Math.min(Number.POSITIVE_INFINITY, ...quotas);
}

// A container may see the tree from its own group on while the path still counts from the machine's root: so of every
// ending of the path, each step.
function quotasOn(path: string, mount: string, isUnified: boolean): number[] {
  const steps = path.split("/").filter((step) => step !== "" && step !== "..");
  const folders = new Set([mount]);
  for (let from = 0; from < steps.length; from++) {
    for (let to = from + 1; to <= steps.length; to++) folders.add(join(mount, ...steps.slice(from, to)));
  }
  return [...folders].flatMap((folder) => (isUnified ? unifiedQuota(folder) : splitQuota(folder)) ?? []);
}

// cpu.max: "200000 100000", or "max 100000".
function unifiedQuota(folder: string): number | undefined {
  const [quota, period = "100000"] = (read(join(folder, "cpu.max")) ?? "").trim().split(/\s+/);
  return ratio(quota, period);
}

// cpu.cfs_quota_us is -1 where none is set.
function splitQuota(folder: string): number | undefined {
  return ratio(read(join(folder, "cpu.cfs_quota_us")), read(join(folder, "cpu.cfs_period_us")));
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const found = Number(quota) / Number(period);
  return found > 0 && Number.isFinite(found) ? found : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
