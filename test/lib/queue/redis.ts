/**
 * A Redis server of the test's own: on a free port, in a temporary directory, with persistence; it can be killed and
 * comes back.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

/** Whether there is a server to test against; tests that need one skip where there is not, and say so by their name. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
export const needsRedis = hasRedis ? "" : " (skipped: redis-server is not installed)";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

export class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  readonly #password: string | undefined;
  #process: ChildProcess | undefined;

  private constructor(port: number, directory: string, password: string | undefined) {
    this.#port = port;
    this.#directory = directory;
    this.#password = password;
    this.url = `redis://${password === undefined ? "" : `:${password}@`}127.0.0.1:${port}`;
  }

  static async start(password?: string): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), "corrsynth-redis-"));
    const server = new RedisServer(await freePort(), directory, password);
    await server.up();
    return server;
  }

  /** Starts it, with what it had written down when it was last killed. */
  async up(): Promise<void> {
    const options = {
      port: this.#port,
      bind: "127.0.0.1",
      dir: this.#directory,
      appendonly: "yes",
      appendfsync: "everysec",
      save: "",
      ...(this.#password === undefined ? {} : { requirepass: this.#password }),
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#process = spawn("redis-server", args, { stdio: "ignore" });
    const client = this.client();
    while ((await client.ping().catch(() => "")) !== "PONG") await sleep(20);
    client.disconnect();
  }

  async kill(): Promise<void> {
    const ended = once(this.#process!, "exit");
    this.#process!.kill("SIGKILL");
    await ended;
  }

  client(): Redis {
    const client = new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on("error", () => {});
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
