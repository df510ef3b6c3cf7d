// What two processes do to a run at the same moment: one of them wins, and neither undoes what the other has done.
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CollectorLease } from "../../../lib/queue/collector-lease.js";
import { keyPrefix, QueueStore } from "../../../lib/queue/store.js";
import { hasRedis, needsRedis, RedisServer } from "./redis.js";

let redis: RedisServer;
let clients: Redis[];
let names = 0;
beforeAll(async () => {
  if (!hasRedis) return;
  redis = await RedisServer.start();
  clients = Array.from({ length: 4 }, () => redis.client());
  await Promise.all(clients.map((client) => client.ping())); // connected, so that all are equally fast
});
afterAll(async () => {
  if (!hasRedis) return;
  for (const client of clients) client.disconnect();
  await redis[Symbol.asyncDispose]();
});

const isDead = (holder: string) => holder === "dead";
const term = 30_000;

/** A client behind whose `n`th command, as soon as it is answered, `other` comes in between. */
function interrupted(client: Redis, n: number, other: () => Promise<unknown>): Redis {
  let commands = 0;
  return new Proxy(client, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...args: readonly unknown[]) => {
        const answer: unknown = await method.apply(target, args);
        if (++commands === n) await other();
        return answer;
      };
    },
  });
}

describe.skipIf(!hasRedis)(`the place of a collector${needsRedis}`, () => {
  test("of a dead one goes to one of many that come at the same moment, in each of 200 rounds", async () => {
    for (let round = 0; round < 200; round++) {
      const name = `place-${++names}`;
      await clients[0]!.set(`${keyPrefix}/${name}/collector`, "dead", "PX", term);
      const told = await Promise.all(
        clients.map((client, i) => new QueueStore(client, name).takeCollector(`c${i}`, term, isDead)),
      );
      const winner = `c${told.indexOf(undefined)}`;
      expect(told.filter((holder) => holder === undefined)).toHaveLength(1);
      expect(told.filter((holder) => holder === winner)).toHaveLength(clients.length - 1);
    }
  });

  /**
   * Has `act` done by a client behind whose `n`th command, at the latest behind its last, the place of `name` is taken
   * by "other".
   */
  async function taken(
    name: string,
    n: number,
    free: () => Promise<unknown>,
    act: (store: QueueStore) => Promise<unknown>,
  ) {
    const [mine, others] = clients as [Redis, Redis];
    const store = new QueueStore(others, name);
    let theirs: Promise<string | undefined> | undefined;
    const take = () => {
      theirs ??= free().then(() => store.takeCollector("other", term, isDead));
      return theirs;
    };
    const own = await act(new QueueStore(interrupted(mine, n, take), name));
    return { own, other: await take(), holder: await others.get(`${keyPrefix}/${name}/collector`) };
  }

  test.each([1, 2, 3])(
    "of a dead one has one taker, also where another comes behind command %i of the first",
    async (n) => {
      const name = `place-${++names}`;
      await clients[0]!.set(`${keyPrefix}/${name}/collector`, "dead", "PX", term);
      const found = await taken(
        name,
        n,
        async () => {},
        (store) => store.takeCollector("own", term, isDead),
      );
      expect([
        { own: undefined, other: "own", holder: "own" },
        { own: "other", other: undefined, holder: "other" },
      ]).toContainEqual(found);
    },
  );

  test("is waited for while its collector may run elsewhere, until the signal and with its reason", async () => {
    const name = `place-${++names}`;
    const away = JSON.stringify({ pid: 1, host: "other", machine: "other", begun: "", out: "out" });
    await clients[0]!.set(`${keyPrefix}/${name}/collector`, away, "PX", term);
    const enough = new Error("enough");
    const stop = new AbortController();
    setTimeout(() => stop.abort(enough), 50);
    await expect(CollectorLease.take(new QueueStore(clients[0]!, name), "out", stop.signal)).rejects.toBe(enough);
  });

  const acts: [what: string, act: (store: QueueStore) => Promise<unknown>][] = [
    ["keeps", (store) => store.takeCollector("own", term, () => false)],
    ["leaves", (store) => store.releaseCollector("own")],
  ];
  for (const [what, act] of acts) {
    test.each([1, 2, 3])(
      `that runs out behind command %i of a collector which ${what} it stays with who took it`,
      async (n) => {
        const name = `place-${++names}`;
        const key = `${keyPrefix}/${name}/collector`;
        await clients[0]!.set(key, "own", "PX", term);
        expect(await taken(name, n, () => clients[1]!.del(key), act)).toMatchObject({
          other: undefined,
          holder: "other",
        });
      },
    );
  }
});
