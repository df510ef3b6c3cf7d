// Many workers in one process, with a stub for an engine: each job takes its time, and its rows are random words.
//   node bench/queue/workers.mjs URL NAME WORKERS SECONDS WORDS
import { setTimeout as sleep } from "node:timers/promises";
import { workWith } from "../../dist/queue/work.js";

const [url, name, workers, seconds, words] = process.argv.slice(2);
const labels = ["animal", "plant", "food", "person"];
const repeat = 2;
const vocabulary = Array.from({ length: 20_000 }, (_, i) => ((i * 2654435761) % 2 ** 32).toString(36));

// Each group from a stream of its own, so that a job that runs twice gives the same rows.
function random(seed) {
  let state = seed + 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}

function groupOf(group) {
  const next = random(group);
  const instances = Array.from({ length: labels.length * repeat }, (_, m) => ({
    id: `${group}.${m}`,
    text: Array.from({ length: Number(words) }, () => vocabulary[Math.floor(next() * vocabulary.length)]).join(" "),
    label: labels[Math.floor(m / repeat)],
    group,
    repeat: m % repeat,
    examples: [],
    tokens: Number(words),
    ending: "stop",
    seed: 7,
  }));
  return { group, instances, labels: labels.map(() => ({ accepted: repeat, surplus: 0, rejected: {} })) };
}

async function make({ first, count }, signal, onTokens) {
  // spread a little, as texts of different length do
  await sleep(Number(seconds) * 1000 * (0.8 + 0.4 * Math.random()), undefined, { signal });
  onTokens(count * labels.length * repeat * Number(words));
  return Array.from({ length: count }, (_, i) => groupOf(first + i));
}

const all = Array.from({ length: Number(workers) }, async () => {
  const { jobs } = await workWith({ queue: url, name }, async () => ({ make, attempts: 5 }));
  return jobs;
});
process.send?.("started");
const jobs = await Promise.all(all);
process.send?.({ jobs: jobs.reduce((a, b) => a + b, 0), cpu: process.cpuUsage() });
process.disconnect?.();
