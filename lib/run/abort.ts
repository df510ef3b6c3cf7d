/** Waits that an abort signal ends. */
import { withResolvers } from "../engine/generation.js";
import { AbortError } from "../errors.js";

/** Why a signal has fired. */
export function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? new AbortError();
}

/**
 * What `action` comes to, or the signal's reason as soon as it fires: what the action does after that is left to
 * itself. Where the signal has fired already nothing is begun.
 */
export async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  action: () => Promise<Result>,
): Promise<Result> {
  if (signal === undefined) return await action();
  if (signal.aborted) throw reasonOf(signal);
  const { promise: aborted, reject } = withResolvers<never>();
  const abort = () => reject(reasonOf(signal));
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([action(), aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
