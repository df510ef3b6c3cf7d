/** The jobs of a run: ranges of consecutive groups, numbered, each under its own name, so that none is there twice. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { QueuePackages } from "./packages.js";
import type { QueuedTask } from "./queued-task.js";
import { keyPrefix } from "./store.js";

/** What a job says: its number and the groups to make. */
const jobSchema = z.strictObject({ job: z.int().min(0), first: z.int().min(0), count: z.int().min(1) });
export type JobData = z.output<typeof jobSchema>;

/** Consecutive groups. */
export interface GroupRange {
  /** Number of the first. */
  readonly first: number;
  readonly count: number;
}

/** Milliseconds before a job that failed is tried again; twice that for the time after. */
const retryPause = 1000;
/** Jobs that go to the server in one message. */
const bulk = 500;

/** @throws {ZodError} when it is not what {@link addJobs} writes. */
export function parseJob(data: unknown): JobData {
  return jobSchema.parse(data);
}

/** BullMQ's name of a job; it wants none that is a number. */
export function jobId(job: number): string {
  return `job-${job}`;
}

/** How a task is cut: into jobs of `groupsPerJob` groups, up to `maxGroups`. */
export class JobCut {
  readonly groupsPerJob: number;
  readonly maxGroups: number;

  constructor({ groupsPerJob }: Pick<QueuedTask, "groupsPerJob">, { maxGroups }: { readonly maxGroups: number }) {
    this.groupsPerJob = groupsPerJob;
    this.maxGroups = maxGroups;
  }

  /** Number of the job that has a group. */
  jobOf(group: number): number {
    return Math.floor(group / this.groupsPerJob);
  }

  range(job: number): GroupRange {
    const first = job * this.groupsPerJob;
    return { first, count: Math.min(this.groupsPerJob, this.maxGroups - first) };
  }

  /** Jobs that have so many groups, all there can be at most. */
  jobsFor(groups: number): number {
    return Math.ceil(Math.min(groups, this.maxGroups) / this.groupsPerJob);
  }
}

/** BullMQ's queue of a run. */
export function openQueue({ bullmq }: QueuePackages, client: Redis, name: string): Queue {
  const queue = new bullmq.Queue(name, {
    connection: client,
    prefix: keyPrefix,
    streams: { events: { maxLen: 1000 } },
  });
  queue.on("error", () => {}); // the client's own listener tells
  return queue;
}

/** Adds jobs; those that are there already stay as they are. */
export async function addJobs(queue: Queue, cut: JobCut, attempts: number, jobs: readonly number[]): Promise<void> {
  for (let i = 0; i < jobs.length; i += bulk) {
    await queue.addBulk(
      jobs.slice(i, i + bulk).map((job) => ({
        name: "groups",
        data: { job, ...cut.range(job) } satisfies JobData,
        opts: {
          jobId: jobId(job),
          attempts,
          backoff: { type: "exponential", delay: retryPause },
          removeOnComplete: true,
          removeOnFail: false,
          stackTraceLimit: 1,
        },
      })),
    );
  }
}
