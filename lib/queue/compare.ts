/** Changes of a key that the server makes in one step, where the key still is what was read of it. */
import type { Redis } from "ioredis";

const setScript = `
if (redis.call("get", KEYS[1]) or "") ~= ARGV[1] then return 0 end
if ARGV[3] == "" then redis.call("set", KEYS[1], ARGV[2]) else redis.call("set", KEYS[1], ARGV[2], "PX", ARGV[3]) end
return 1`;

const deleteScript = `
if redis.call("get", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("del", KEYS[1])`;

/**
 * Gives a key the value `next` where it has the value `held`; whether it had.
 * @param held  null where there was no such key.
 * @param options.ms  milliseconds after which the key goes by itself; default never.
 */
export async function compareAndSet(
  client: Redis,
  key: string,
  held: string | Buffer | null,
  next: string | Buffer,
  options: { readonly ms?: number } = {},
): Promise<boolean> {
  return (await client.eval(setScript, 1, key, held ?? "", next, options.ms ?? "")) === 1;
}

/** Deletes a key where it has the value `held`; whether it had. */
export async function compareAndDelete(client: Redis, key: string, held: string | Buffer): Promise<boolean> {
  return (await client.eval(deleteScript, 1, key, held)) === 1;
}
