// Do queue and collector keep up with a thousand workers? Simulates them with a stub for an engine, against a Redis server of its
// own, and says as JSON what each part did. Behind docs/scale.md.
//   node bench/queue/simulate.mjs [--workers 1000] [--processes 4] [--rows-per-job 200] [--job-seconds 20] [--count 300000]
//     [--words 30] [--filters true]
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { hybrid, loadTeacher } from "../../dist/index.js";
import { collect, enqueue, queueStatus } from "../../dist/queue/index.js";

const options = {
  workers: "1000",
  processes: "4",
  "rows-per-job": "200",
  "job-seconds": "20",
  count: "300000",
  words: "30",
  filters: "true",
};
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, { type: "string", default: value }]),
  ),
});
const number = (name) => Number(values[name]);
const rowsPerGroup = 8;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const directory = mkdtempSync(join(tmpdir(), "corrsynth-simulate-"));
const port = await freePort();
const server = spawn(
  "redis-server",
  ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", directory, "--appendonly", "yes", "--save", ""],
  {
    stdio: "ignore",
  },
);
const children = [];
try {
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on("error", () => {});
  await client.ping();
  const name = "simulation";
  const spec = {
    labels: { animal: "an animal", plant: "a plant", food: "a food", person: "a person" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: hybrid({ repeat: 2 }),
    count: number("count"),
    ...(values.filters === "true" ? {} : { filters: false }),
  };
  const groupsPerJob = Math.ceil(number("rows-per-job") / rowsPerGroup);
  const teacher = await loadTeacher("demo");
  await enqueue(teacher, spec, { queue: url, name, groupsPerJob, jobsAhead: Math.max(1000, 3 * number("workers")) });
  await teacher.close();

  const script = fileURLToPath(new URL("./workers.mjs", import.meta.url));
  const each = Math.ceil(number("workers") / number("processes"));
  const reports = [];
  for (let i = 0; i < number("processes"); i++) {
    const child = fork(script, [url, name, `${each}`, values["job-seconds"], values.words]);
    children.push(child);
    child.on("message", (message) => {
      if (message !== "started") reports.push(message);
    });
  }
  while ((await queueStatus({ queue: url, name })).workers.length < each * number("processes")) await sleep(500);
  await client.config("RESETSTAT");
  const usageOf = (pid) =>
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .split(" ")
      .slice(13, 15)
      .map(Number)
      .reduce((a, b) => a + b) / 100;
  const redisBefore = usageOf(server.pid);
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const samples = [];
  let mostMemory = 0;
  const watch = setInterval(async () => {
    const info = await client.info("memory");
    mostMemory = Math.max(mostMemory, Number(/used_memory:(\d+)/.exec(info)?.[1] ?? 0));
  }, 500);
  const report = await collect({
    queue: url,
    name,
    out: join(directory, "out"),
    onProgress: ({ accepted }) => {
      samples.push({ at: performance.now(), accepted });
    },
  });
  const seconds = (performance.now() - begun) / 1000;
  clearInterval(watch);
  const stats = await client.info("stats");
  const stat = (field) => Number(new RegExp(`${field}:(\\d+)`).exec(stats)?.[1] ?? 0);
  const redisSeconds = usageOf(server.pid) - redisBefore;
  const cpu = process.cpuUsage(cpuBefore);
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, "exit") : undefined)));
  const rows = number("count");
  // without the first and the last tenth: workers all begin at once, and at the end most have nothing left to do
  const middle = samples.filter(({ accepted }) => accepted > rows * 0.1 && accepted < rows * 0.9);
  const [from, to] = [middle[0], middle.at(-1)];
  console.log(
    JSON.stringify(
      {
        machine: `${cpus().length} x ${cpus()[0]?.model}`,
        offeredRowsPerSecond: (number("workers") * groupsPerJob * rowsPerGroup) / number("job-seconds"),
        rows,
        quotaMet: report.quotaMet,
        seconds,
        rowsPerSecond:
          from && to && to.at > from.at ? ((to.accepted - from.accepted) * 1000) / (to.at - from.at) : rows / seconds,
        bytesToRedisPerRow: stat("total_net_input_bytes") / rows,
        bytesFromRedisPerRow: stat("total_net_output_bytes") / rows,
        commandsPerJob: stat("total_commands_processed") / (rows / rowsPerGroup / groupsPerJob),
        redisMostMemoryMB: mostMemory / 1e6,
        redisCpuPerMillionRows: (redisSeconds * 1e6) / rows,
        collectorCpuPerMillionRows: ((cpu.user + cpu.system) / 1e6) * (1e6 / rows),
        workersCpuPerMillionRows:
          reports.reduce((sum, { cpu }) => sum + (cpu.user + cpu.system) / 1e6, 0) * (1e6 / rows),
        jobs: reports.reduce((sum, { jobs }) => sum + jobs, 0),
      },
      null,
      2,
    ),
  );
  client.disconnect();
} finally {
  for (const child of children) child.kill();
  server.kill("SIGKILL");
  await sleep(200);
  rmSync(directory, { recursive: true, force: true });
}
