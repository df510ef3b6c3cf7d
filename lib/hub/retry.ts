// What to do about failures that pass by themselves: wait, longer each time, and try again, not for ever.
import { setTimeout as sleep } from "node:timers/promises";
import { DownloadError } from "../errors.js";

/** A broken connection, a silent or an overloaded server. */
export class PassingFailure extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly waitMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly waitMs?: number | undefined } = {}) {
    super(message, options);
    this.waitMs = options.waitMs;
  }
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

// A server that asks for more is not waited for.
const mostPatienceMs = 300_000;

/**
 * Calls `attempt` until it succeeds, fails for good, or has failed too often.
 * @param what  that which is tried, for the message.
 * @param received  bytes so far.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD after the last try.
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  policy: RetryPolicy,
  { what, signal, received = () => 0 }: { what: string; signal: AbortSignal | undefined; received?: () => number },
): Promise<Result> {
  let most = received();
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingFailure)) throw error;
      if (received() - most >= policy.progressBytes) {
        most = received();
        tries = 1;
      }
      const wait = error.waitMs ?? Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** (tries - 1));
      if (tries >= policy.attempts || wait > mostPatienceMs) {
        const asks = wait > mostPatienceMs ? ` (asks to wait ${Math.round(wait / 1000)} s)` : "";
        const message = `${what} failed, ${tries} ${tries === 1 ? "try" : "tries in a row"}: ${error.message}${asks}`;
        throw new DownloadError(`${message}; try again, it goes on where it stopped`, { cause: error });
      }
      // Up to a quarter more by chance, so that many who were turned away together do not come back together.
      await sleep(wait * (1 + Math.random() / 4), undefined, { signal }).catch(() => signal?.throwIfAborted());
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
