// Kills workers, the collector and the Redis server of a queued run at random moments, and starts each again as a supervisor
// would. Says as JSON what it did; ends with an error at the first row that is lost, double or another than in an undisturbed run.
//   node test/lifetime/kill-queue.mjs [--kills 50] [--redis-kills 5] [--collector-kills 5] [--count 2000] [--workers 2] [--seed 1]
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fractionsFrom } from "./random.mjs";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    "redis-kills": { type: "string", default: "5" },
    "collector-kills": { type: "string", default: "5" },
    count: { type: "string", default: "2000" },
    workers: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
  },
});
const count = Number(values.count);
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "corrsynth-kill-queue-"));
const task = join(directory, "task.json");
writeFileSync(
  task,
  JSON.stringify({
    teacher: "demo",
    labels: { animal: "an animal", plant: "a plant", food: "a food", person: "a person" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: { name: "hybrid" },
    count,
    // the stop string makes some rows empty, which are refused
    sampling: { maxTokens: 24, stop: ["\n", "a"], seed: 7 },
    engine: { threads: 1, reproducible: true },
    limits: { maxGroups: 100_000 },
  }),
);

const random = fractionsFrom(Number(values.seed));

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();
server.close();
await once(server, "close");
const queue = `redis://127.0.0.1:${port}`;
const environment = { ...process.env, CORRSYNTH_QUEUE: queue };

function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], env: environment, ...options });
  const it = { child, stderr: "" };
  child.stderr.setEncoding("utf8").on("data", (text) => {
    it.stderr += text;
  });
  it.ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  return it;
}
const corrsynth = (...args) => start(process.execPath, [main, ...args]);
const redis = () =>
  start("redis-server", [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--dir",
    directory,
    "--appendonly",
    "yes",
    "--save",
    "",
  ]);

const tally = { kills: 0, redisKills: 0, collectorKills: 0, starts: 0 };
let isOver = false;
const running = new Set();

/** Starts a process again whenever it is killed, until it ends by itself. */
async function supervise(kind, startOne) {
  for (;;) {
    const one = { kind, ...startOne() };
    running.add(one);
    tally.starts++;
    const { code, signal } = await one.ended;
    running.delete(one);
    if (isOver || code === 0) return;
    assert.equal(signal, "SIGKILL", `${kind} ended with ${code}: ${one.stderr.slice(-2000)}`);
  }
}

function kill(kind) {
  const some = [...running].filter((one) => one.kind === kind);
  const one = some[Math.floor(random() * some.length)];
  if (one === undefined) return false;
  running.delete(one); // no process is killed twice
  return one.child.kill("SIGKILL");
}

try {
  const whole = join(directory, "whole");
  const undisturbed = corrsynth("run", task, "--out", whole, "--progress", "none");
  assert.equal((await undisturbed.ended).code, 0, undisturbed.stderr);
  const expected = readFileSync(join(whole, "data.jsonl"), "utf8");

  const begun = performance.now();
  const servers = supervise("redis", redis);
  await sleep(300);
  const enqueued = corrsynth("enqueue", task, "--name", "kills", "--groups-per-job", "2");
  assert.equal((await enqueued.ended).code, 0, enqueued.stderr);
  const out = join(directory, "out");
  const collector = supervise("collector", () => corrsynth("collect", "kills", "--out", out, "--progress", "none"));
  const workers = Array.from({ length: Number(values.workers) }, () =>
    supervise("worker", () => corrsynth("worker", "--name", "kills", "--lock-seconds", "2", "--quiet")),
  );

  const total = {
    worker: Number(values.kills),
    redis: Number(values["redis-kills"]),
    collector: Number(values["collector-kills"]),
  };
  const plan = Object.entries(total).flatMap(([kind, n]) => Array.from({ length: n }, () => ({ kind, at: random() })));
  plan.sort((a, b) => a.at - b.at);
  const rows = () => {
    const path = join(out, "data.jsonl");
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
  };
  const all = Promise.all([collector, ...workers]);
  let failure;
  all.then(
    () => {
      failure ??= new Error("the run ended before the last kill");
    },
    (error) => {
      failure = error;
    },
  );
  for (const { kind, at } of plan) {
    // spread over the first nine tenths of the rows, so that every kill hits a run that goes on
    while (rows() < at * 0.9 * count && !failure) await sleep(20);
    while (!failure && !kill(kind)) await sleep(20);
    if (failure) throw failure;
    tally[kind === "worker" ? "kills" : kind === "redis" ? "redisKills" : "collectorKills"]++;
  }
  await all;
  isOver = true;
  const seconds = Math.round((performance.now() - begun) / 1000);
  for (const one of running) one.child.kill("SIGKILL");
  await servers;

  const data = readFileSync(join(out, "data.jsonl"), "utf8");
  const ids = data
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).id);
  assert.equal(ids.length, count);
  assert.equal(new Set(ids).size, count);
  assert.equal(data, expected, "the rows are not those of an undisturbed run");
  const { report } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  assert.deepEqual(report.setAside, []);
  console.log(JSON.stringify({ ...tally, rows: ids.length, groups: report.groups, seconds }));
} finally {
  isOver = true;
  for (const one of running) one.child.kill("SIGKILL");
  await sleep(100);
  rmSync(directory, { recursive: true, force: true });
}
