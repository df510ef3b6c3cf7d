/** The connection to Redis or Valkey: where it is, how long one waits for it, and what of its address may be shown. */
import type { Redis } from "ioredis";
import { InvalidConfigError, QueueError } from "../errors.js";
import type { QueuePackages } from "./packages.js";

/** Milliseconds between two tries to connect, at most. */
const longestPause = 2000;
/** Tries to connect of a command that a person waits for. */
const mostTries = 5;

/**
 * An address as messages may have it: user and password left out.
 * @param url  that {@link checkQueueUrl} has let pass.
 */
export function printableUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/**
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when it is no address of Redis; the message does not have it,
 * since it may hold a password.
 */
export function checkQueueUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isRedis = parsed !== undefined && ["redis:", "rediss:"].includes(parsed.protocol) && parsed.hostname !== "";
  if (isRedis && /^\/?\d*$/.test(parsed.pathname)) return;
  const received = parsed === undefined ? "something that is no URL" : `one that begins with ${parsed.protocol}`;
  const message = `Expected redis://[user:password@]host[:port][/database], or rediss:// for TLS, received ${received}`;
  throw new InvalidConfigError([{ path: "queue", message }]);
}

/**
 * Connects, and answers the first command when that has succeeded.
 * @param options.isPatient  tries again without end, so that a server may be gone for a while; default false: about
 *   five seconds.
 * @param options.onTrouble  is told why the connection was lost or cannot be had; default nobody.
 */
export async function connect(
  { ioredis }: QueuePackages,
  url: string,
  options: { readonly isPatient?: boolean; readonly onTrouble?: (reason: string) => void } = {},
): Promise<Redis> {
  checkQueueUrl(url);
  const { isPatient = false, onTrouble } = options;
  const pause = (tries: number) => Math.min(longestPause, 100 * 2 ** Math.min(tries, 10));
  const client = new ioredis.Redis(url, {
    lazyConnect: true,
    connectionName: "corrsynth",
    // BullMQ demands null of a connection that blocks
    maxRetriesPerRequest: isPatient ? null : 1,
    retryStrategy: (tries) => (isPatient || tries <= mostTries ? pause(tries) : null),
    reconnectOnError: (error) => /^READONLY/.test(error.message), // the primary has moved
  });
  let last: Error | undefined;
  client.on("error", (error: Error) => {
    last = error;
    onTrouble?.(reasonOf(error));
  });
  try {
    await client.connect();
  } catch (cause) {
    const reason = last ?? (cause as Error);
    if (!isPatient || isRefused(reason)) {
      client.disconnect();
      const advice = "is the address right, and does the server run?";
      throw new QueueError(`Cannot use the queue at ${printableUrl(url)} (${reasonOf(reason)}): ${advice}`, { cause });
    }
  }
  return client;
}

/** Whether an error of the server or the connection is one that no waiting mends. */
export function isRefused({ message }: Error): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|WRONGTYPE|ERR .*(AUTH|password|DB index))|certificate/.test(message);
}

/** The error of a server that refuses what corrsynth asks, as {@link QueueError}; any other as it is. */
export function refused(error: unknown): unknown {
  if (!(error instanceof Error) || !isRefused(error)) return error;
  const advice = "may its user change the keys of corrsynth, and are they as corrsynth wrote them?";
  return new QueueError(`The queue's server refuses what this takes (${error.message}): ${advice}`, { cause: error });
}

function reasonOf(error: Error & { code?: string }): string {
  const all = (error as { errors?: readonly Error[] }).errors; // of every address that the name has
  return (error.message || all?.[0]?.message || error.code) ?? "no reason given";
}
