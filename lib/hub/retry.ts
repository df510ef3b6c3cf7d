// What to do about failures that pass by themselves: wait, longer each time, and try again, not for ever.
import { setTimeout as sleep } from "node:timers/promises";
import { DownloadError } from "../errors.js";

interface FailureOptions extends ErrorOptions {
  readonly waitMs?: number | undefined;
  readonly isUnresolved?: boolean | undefined;
}

/** A broken connection, a silent or an overloaded server. */
export class PassingFailure extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly waitMs: number | undefined;
  /** The server's name has no address: most likely there is no network, and waiting brings none. */
  readonly isUnresolved: boolean;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options);
    this.waitMs = options.waitMs;
    this.isUnresolved = options.isUnresolved ?? false;
  }
}

/** Before each wait for another try. */
export interface PullWait {
  /** What failed, for people. */
  readonly reason: string;
  /** Until the next try. */
  readonly seconds: number;
  /** The number of that try, from 2, and how many there are at most. */
  readonly next: number;
  readonly attempts: number;
}

export interface RetryPolicy {
  /** Tries in a row, integer ≥ 1. */
  readonly attempts: number;
  /** Milliseconds before the second try; doubles from try to try. */
  readonly firstWaitMs: number;
  /** What waits grow to. */
  readonly longestWaitMs: number;
  /** Bytes more than ever before after which the tries count anew. */
  readonly progressBytes: number;
}

// Names that a network which has just come up does not know yet are known a moment later.
const unresolvedAttempts = 2;
// A server that asks for more, in one go or by and by without sending anything, is not waited for.
const mostPatienceMs = 300_000;

interface Trying {
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  readonly received?: () => number;
  readonly onWait?: ((wait: PullWait) => void) | undefined;
}

/**
 * Calls `attempt` until it succeeds, fails for good, or has failed too often.
 * @param what  that which is tried, for the message.
 * @param received  bytes so far.
 * @param onWait  is told before each wait.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD after the last try.
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  policy: RetryPolicy,
  { what, signal, received = () => 0, onWait }: Trying,
): Promise<Result> {
  let most = received();
  let waited = 0;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingFailure)) throw error;
      if (received() - most >= policy.progressBytes) {
        most = received();
        tries = 1;
        waited = 0;
      }
      const wait = error.waitMs ?? Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** (tries - 1));
      const attempts = error.isUnresolved ? Math.min(unresolvedAttempts, policy.attempts) : policy.attempts;
      waited += wait;
      if (tries >= attempts || waited > mostPatienceMs) {
        const asks = waited > mostPatienceMs ? ` (asks to wait ${Math.round(wait / 1000)} s)` : "";
        const message = `${what} failed, ${tries} ${tries === 1 ? "try" : "tries in a row"}: ${error.message}${asks}`;
        const advice = error.isUnresolved
          ? "connect this machine, or name a model that is on it by its path"
          : "try again, it goes on where it stopped";
        throw new DownloadError(`${message}; ${advice}`, { cause: error });
      }
      // Up to a quarter more by chance, so that many who were turned away together do not come back together.
      const waitMs = wait * (1 + Math.random() / 4);
      onWait?.({ reason: error.message, seconds: waitMs / 1000, next: tries + 1, attempts });
      await sleep(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
