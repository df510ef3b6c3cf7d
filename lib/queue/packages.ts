/** Loads the packages behind the queue, which only those have that use it. */
import { BindingError } from "../errors.js";

/** BullMQ and its client. */
export interface QueuePackages {
  readonly bullmq: Pick<typeof import("bullmq"), "Queue" | "WaitingError" | "Worker">;
  readonly ioredis: Pick<typeof import("ioredis"), "Redis">;
}

/** @throws {BindingError} CORRSYNTH_BINDING with the command that installs what is missing. */
export async function queuePackages(): Promise<QueuePackages> {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, ioredis };
  } catch (cause) {
    const [reason] = (cause as Error).message.split("\n");
    const message = `Expected the packages behind the queue (${reason}): npm install bullmq ioredis`;
    throw new BindingError(message, { cause });
  }
}
