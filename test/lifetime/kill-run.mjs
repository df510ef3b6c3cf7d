// Kills `corrsynth run` at random moments, again and again, and starts it on the same directory each time. Says as JSON what it
// did: { kills, runs, sessions }; ends with an error at the first row that is lost, damaged, double or too many.
//   node test/lifetime/kill-run.mjs [--kills 200] [--seed 1] [--count 48] [--any-batch]
// --any-batch: several groups at once, without engine.reproducible; bytes are then not compared with an undisturbed run.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fractionsFrom } from "./random.mjs";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "48" },
    "any-batch": { type: "boolean", default: false },
  },
});
const isReproducible = !values["any-batch"];
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "corrsynth-kill-"));
const task = join(directory, "task.json");
writeFileSync(
  task,
  JSON.stringify({
    teacher: "demo",
    labels: { animal: "an animal", plant: "a plant" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: { name: "hybrid" },
    count: Number(values.count),
    // the stop string makes some rows empty, which are refused
    sampling: { maxTokens: 24, stop: ["\n", "a"], seed: 7 },
    engine: { threads: 1, reproducible: isReproducible },
    limits: { maxGroups: 10_000 },
  }),
);

// The moments differ from run to run of a machine anyway, but not by more than they must
const random = fractionsFrom(Number(values.seed));

function start(out) {
  const child = spawn(process.execPath, [main, "run", task, "--out", out, "--progress", "none"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return { child, ended: once(child, "close").then(([code, signal]) => ({ code, signal, stderr })) };
}

const read = (path) => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));

/** The rows that the journal speaks of. */
function journaled(out) {
  const journal = read(join(out, "journal.jsonl")).toString("utf8");
  const last = journal
    .slice(0, journal.lastIndexOf("\n") + 1)
    .trimEnd()
    .split("\n")
    .at(-1);
  return read(join(out, "data.jsonl")).subarray(0, last ? JSON.parse(last).bytes : 0);
}

function check(data, kept) {
  const rows = data
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const label of ["animal", "plant"]) {
    assert.equal(rows.filter((row) => row.label === label).length, Number(values.count) / 2);
  }
  assert.equal(new Set(rows.map((row) => row.id)).size, rows.length);
  for (const prefix of kept)
    assert.ok(data.subarray(0, prefix.length).equals(prefix), "a row that was journaled is gone");
}

/** Milliseconds of a whole run on this machine, its start included, and what it writes. */
async function undisturbed() {
  const out = join(directory, "undisturbed");
  const begun = performance.now();
  const { code, stderr } = await start(out).ended;
  assert.equal(code, 0, stderr);
  const data = read(join(out, "data.jsonl"));
  check(data, []);
  return { data, time: performance.now() - begun };
}

try {
  const whole = await undisturbed();
  const wanted = Number(values.kills);
  let [kills, runs, sessions] = [0, 0, 0];
  while (kills < wanted) {
    const out = join(directory, `${runs}`);
    const kept = [];
    for (let isDone = false; !isDone; sessions++) {
      const { child, ended } = start(out);
      // more often early in the run than late, so that one directory sees many sessions
      const pause = kills < wanted ? sleep(random() * whole.time * 0.9) : undefined;
      if (pause) void pause.then(() => child.kill("SIGKILL"));
      const { code, signal, stderr } = await ended;
      if (signal === "SIGKILL") kills++;
      else assert.equal(code, 0, stderr);
      isDone = code === 0;
      kept.push(journaled(out));
    }
    const data = read(join(out, "data.jsonl"));
    check(data, kept);
    if (isReproducible) assert.ok(data.equals(whole.data), "the bytes are not those of an undisturbed run");
    rmSync(out, { recursive: true });
    runs++;
  }
  console.log(JSON.stringify({ kills, runs, sessions }));
} finally {
  rmSync(directory, { recursive: true });
}
