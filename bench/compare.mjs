// Two tasks in turn through the public API, on the random model of 135M shape that `npm run bench` makes: instances per
// second, medians over the rounds. Arguments of each benchmark that uses it: [ROUNDS] [THREADS].
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTeacher, synthesize } from "../dist/index.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [rounds = 3, threads = availableParallelism()] = process.argv.slice(2).map(Number);

export const labels = { business: "business", sports: "sports", science: "science", world: "world news" };

/** Runs the tasks, named by their keys, and prints how many times the first one's instances per second the second makes. */
export async function compare(name, tasks) {
  const teacher = await loadTeacher(join(root, ".cmake/bench/random-135m.Q8_0.gguf"));
  const results = Object.fromEntries(Object.keys(tasks).map((key) => [key, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [key, task] of Object.entries(tasks)) results[key].push(await measure(teacher, task));
  }
  await teacher.close();
  const summary = Object.entries(results).map(([task, runs]) => ({ task, ...medians(runs) }));
  const [first, second] = Object.values(results);
  const ratios = second.map((run, i) => run.instancesPerSecond / first[i].instancesPerSecond);
  mkdirSync(join(root, "bench/results"), { recursive: true });
  const report = { date: new Date().toISOString(), cpu: cpus()[0]?.model, threads, rounds, summary, ratios };
  writeFileSync(join(root, `bench/results/${name}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  console.table(summary);
  const [a, b] = Object.keys(tasks);
  console.log(`${b} makes ${median(ratios).toFixed(2)} times the instances per second of ${a} (${rounds} rounds)`);
}

async function measure(teacher, task) {
  const run = synthesize(teacher, { ...task, engine: { threads, ...task.engine } });
  let instances = 0;
  for await (const _ of run) instances++;
  const { seconds, promptTokens, prefilledTokens, decodedTokens, generatedTokens, ...rest } = await run.finished;
  const { prefillSeconds, decodeSeconds, samplerSeconds } = rest;
  const counts = { promptTokens, prefilledTokens, decodedTokens, generatedTokens };
  return { instancesPerSecond: instances / seconds, ...counts, prefillSeconds, decodeSeconds, samplerSeconds };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function medians(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]));
}
