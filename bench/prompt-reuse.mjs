// What shared prompts are worth, end to end through the API: instances per second on the random model of 135M shape,
// prompts of about 300 tokens, 50 tokens out, one process, the contenders in turn. Run `npm run bench` once before: it
// makes the model. Prints a table; writes bench/results/prompt-reuse.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { hybrid, loadTeacher, synthesize } from "../dist/index.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [rounds = 3, threads = availableParallelism()] = process.argv.slice(2).map(Number);
const labels = { business: "business", sports: "sports", science: "science", world: "world news" };
const words =
  "the market said that on friday its new report would show a strong rise in sales across most regions".split(" ");

// Texts of about 90 tokens, all different.
const seeds = Object.keys(labels).flatMap((label) =>
  Array.from({ length: 50 }, (_, i) => ({
    label,
    text: Array.from({ length: 90 }, (_, j) => words[(i * 7 + j * (1 + (i % 5))) % words.length]).join(" "),
  })),
);

function task(promptReuse) {
  return {
    labels,
    seeds,
    prompt: { instruction: "Write a summary for a news article about {label}.", answer: "Summary:", shots: 3 },
    method: hybrid(),
    count: 64, // 8 groups of 8 rows
    sampling: { maxTokens: 50, seed: 7 },
    engine: { threads, groups: 4, promptReuse },
  };
}

async function rate(teacher, spec) {
  const run = synthesize(teacher, spec);
  let instances = 0;
  for await (const _ of run) instances++;
  const { seconds, promptTokens, prefilledTokens, generatedTokens, prefillSeconds, decodeSeconds } = await run.finished;
  return { rate: instances / seconds, promptTokens, prefilledTokens, generatedTokens, prefillSeconds, decodeSeconds };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const teacher = await loadTeacher(join(root, ".cmake/bench/random-135m.Q8_0.gguf"));
const results = { 1: [], 4: [] };
for (let round = 0; round < rounds; round++) {
  for (const reuse of [1, 4]) results[reuse].push(await rate(teacher, task(reuse)));
}
await teacher.close();
const summary = [1, 4].map((promptReuse) => ({
  promptReuse,
  instancesPerSecond: median(results[promptReuse].map((r) => r.rate)),
  promptTokens: results[promptReuse][0].promptTokens,
  prefilledTokens: results[promptReuse][0].prefilledTokens,
  prefillSeconds: median(results[promptReuse].map((r) => r.prefillSeconds)),
  decodeSeconds: median(results[promptReuse].map((r) => r.decodeSeconds)),
}));
const ratios = results[4].map((r, i) => r.rate / results[1][i].rate);
mkdirSync(join(root, "bench/results"), { recursive: true });
const report = { date: new Date().toISOString(), cpu: cpus()[0]?.model, threads, rounds, summary, ratios };
writeFileSync(join(root, "bench/results/prompt-reuse.json"), `${JSON.stringify(report, undefined, 2)}\n`);
console.table(summary);
console.log(`promptReuse 4 over 1: ${median(ratios).toFixed(2)} times the instances per second (${rounds} rounds)`);
