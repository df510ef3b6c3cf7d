/** Which runs a queue has, and what it takes to work on one. */
import { connect } from "./connection.js";
import { type ModelPlaces, placesOf } from "./model-places.js";
import { queuePackages } from "./packages.js";
import { unpackTask } from "./queued-task.js";
import { QueueStore, runNames } from "./store.js";

/** A run that can be worked on, and the models that it names beside its teacher. */
export interface QueuedRun extends ModelPlaces {
  /** As the task names its teacher: "demo", hf:…, or a path. */
  readonly teacher: string;
  /** Hex SHA-256 that the teacher's file must have. */
  readonly sha256: string;
}

/**
 * Names of the runs that are not done, in the order in which they were enqueued.
 * @throws {QueueError} CORRSYNTH_QUEUE when the server cannot be reached.
 * @example
 * import { enqueue, queuedRuns } from "corrsynth/queue";
 * await enqueue(teacher, spec, { queue: "redis://localhost", name: "listed" });
 * console.log((await queuedRuns("redis://localhost")).includes("listed")); // true
 */
export async function queuedRuns(queue: string): Promise<string[]> {
  const client = await connect(await queuePackages(), queue);
  try {
    return await runNames(client);
  } finally {
    client.disconnect();
  }
}

/**
 * @throws {QueueError} CORRSYNTH_QUEUE when the server cannot be reached or knows no such run.
 * @example
 * import { enqueue, queuedRun } from "corrsynth/queue";
 * const run = { queue: "redis://localhost", name: "asked" };
 * await enqueue(teacher, spec, run);
 * console.log((await queuedRun(run)).sha256.length); // 64
 */
export async function queuedRun(options: { readonly queue: string; readonly name: string }): Promise<QueuedRun> {
  const client = await connect(await queuePackages(), options.queue);
  try {
    const { queued } = await unpackTask(await new QueueStore(client, options.name).taskOrThrow(), options.name);
    const { teacher, description, spec } = queued;
    return { teacher, sha256: description.teacher.sha256, ...placesOf(spec) };
  } finally {
    client.disconnect();
  }
}
