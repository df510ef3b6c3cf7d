/**
 * A dataset made by many machines, over a BullMQ queue on Redis or Valkey. Needs the packages bullmq and ioredis.
 * @module corrsynth/queue
 */
import "../checks/installed.js";

export { type CollectOptions, collect } from "./collect.js";
export type { CollectReport } from "./collect-report.js";
export { type Enqueued, type EnqueueOptions, enqueue } from "./enqueue.js";
export type { WorkEvent } from "./job-processor.js";
export type { ModelPlaces } from "./model-places.js";
export { type QueuedRun, queuedRun, queuedRuns } from "./queued-run.js";
export { type QueueStatus, queueStatus } from "./status.js";
export type { WorkerSign } from "./store.js";
export { type Worked, type WorkOptions, work } from "./work.js";
