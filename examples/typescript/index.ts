// A dataset, and how diverse it is, in TypeScript.
import { hybrid, type Instance, loadTeacher, synthesize } from "corrsynth";
import { selfBleu, tokenize } from "corrsynth/evaluate";

await using teacher = await loadTeacher("demo");
const run = synthesize(teacher, {
  labels: { animal: "an animal", plant: "a plant" },
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
  method: hybrid({ repeat: 2, intra: 0.5, cross: 0.1 }),
  count: 20,
  sampling: { maxTokens: 32, stop: ["\n"], seed: 7 },
});
const rows: Instance[] = [];
for await (const instance of run) rows.push(instance);
for (const { label, text } of rows.slice(0, 4)) console.log(`${label}: ${text}`);
const { score } = selfBleu(rows.map(({ text }) => tokenize(text)));
console.log(`${rows.length} rows, Self-BLEU-5 ${(100 * (score ?? 0)).toFixed(1)}`);
