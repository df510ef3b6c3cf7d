// Case 09: a container that may use less than the machine has.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cpuQuota, processors } from "../../lib/engine/processors.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "corrsynth-cgroup-"));
});
afterEach(() => rm(root, { recursive: true }));

async function tree(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${content}\n`);
  }
}

const v1 = "12:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/";

test.each<[name: string, files: Record<string, string>, quota: number]>([
  ["no control groups, as on a Mac", {}, Number.POSITIVE_INFINITY],
  [
    "v2 without a quota",
    { "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "max 100000" },
    Number.POSITIVE_INFINITY,
  ],
  ["v2, two processors", { "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "200000 100000" }, 2],
  ["v2, a fraction", { "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "150000 100000" }, 1.5],
  [
    "v2, nested: the least on the path",
    {
      "proc/self/cgroup": "0::/a/b/c",
      "sys/fs/cgroup/a/cpu.max": "300000 100000",
      "sys/fs/cgroup/a/b/cpu.max": "max 100000",
      "sys/fs/cgroup/a/b/c/cpu.max": "800000 100000",
    },
    3,
  ],
  [
    "v2, a path from the machine's root where the mount begins at the container",
    { "proc/self/cgroup": "0::/kubepods/pod1/job", "sys/fs/cgroup/job/cpu.max": "400000 100000" },
    4,
  ],
  [
    "v2, a group outside the namespace",
    { "proc/self/cgroup": "0::/../x", "sys/fs/cgroup/cpu.max": "500000 100000" },
    5,
  ],
  [
    "v1, nested",
    {
      "proc/self/cgroup": v1,
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "250000",
      "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000",
    },
    2.5,
  ],
  [
    "v1 in a container, whose mount begins at its group",
    {
      "proc/self/cgroup": v1,
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
    },
    0.5,
  ],
  ["what is no number", { "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "lots" }, Number.POSITIVE_INFINITY],
])("%s", async (_, files, quota) => {
  await tree(files);
  expect(cpuQuota(root)).toBe(quota);
});

test("the least of machine, affinity and quota counts, and it is said which that is", async () => {
  await tree({ "proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "200000 100000" });
  const table: [total: number, usable: number, count: number, decidedBy: string][] = [
    [16, 16, 2, "quota"], // Node 20, which does not look at quotas
    [16, 2, 2, "quota"], // Node 24, which does
    [16, 1, 1, "affinity"],
    [2, 2, 2, "machine"],
    [1, 1, 1, "machine"],
  ];
  for (const [total, usable, count, decidedBy] of table) {
    expect(processors({ total, usable }, root)).toEqual({ count, cores: count, decidedBy });
  }
  expect(processors({ total: 8, usable: 8 }, join(root, "elsewhere"))).toEqual({
    count: 8,
    cores: 8,
    decidedBy: "machine",
  });
});

test.each<[string, Record<string, string>, number]>([
  ["each processor is a core", { allowed: "0-3", cpu0: "0", cpu1: "1", cpu2: "2", cpu3: "3" }, 4],
  ["two hardware threads are one core", { allowed: "0-3", cpu0: "0,2", cpu1: "1,3", cpu2: "0,2", cpu3: "1,3" }, 2],
  ["cores of which this process has one thread", { allowed: "0,2-3", cpu0: "0-1", cpu2: "2-3", cpu3: "2-3" }, 2],
  ["a processor that the system does not describe", { allowed: "0-3", cpu0: "0,2", cpu1: "1,3" }, 4],
  ["no list of processors", { cpu0: "0,1", cpu1: "0,1" }, 4],
])("cores: %s", async (_, { allowed, ...cpus }, cores) => {
  const topology = ([name, list]: [string, string]) => [`sys/devices/system/cpu/${name}/topology/core_cpus_list`, list];
  await tree({
    ...Object.fromEntries(Object.entries(cpus).map(topology)),
    ...(allowed === undefined ? {} : { "proc/self/status": `Name:\tnode\nCpus_allowed_list:\t${allowed}\n` }),
  });
  expect(processors({ total: 4, usable: 4 }, root)).toEqual({ count: 4, cores, decidedBy: "machine" });
});

test("a quota below the cores decides how many of them count", async () => {
  await tree({
    "proc/self/cgroup": "0::/",
    "sys/fs/cgroup/cpu.max": "200000 100000",
    "proc/self/status": "Cpus_allowed_list:\t0-2\n",
    ...Object.fromEntries([0, 1, 2].map((n) => [`sys/devices/system/cpu/cpu${n}/topology/core_cpus_list`, `${n}`])),
  });
  expect(processors({ total: 3, usable: 3 }, root)).toEqual({ count: 2, cores: 2, decidedBy: "quota" });
});
