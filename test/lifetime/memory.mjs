// Prints the process's resident memory after every 500 of 2,000 instances, bytes, as JSON: of a run that goes on after them,
// since its end gives memory back. Needs --expose-gc.
import { setTimeout as sleep } from "node:timers/promises";
import { cross, loadTeacher, synthesize } from "../../dist/index.js";

const teacher = await loadTeacher("demo");
const run = synthesize(teacher, {
  labels: ["animal", "plant", "food", "person"],
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
  method: cross(),
  count: 2400,
  filters: false,
  sampling: { maxTokens: 8 },
  engine: { threads: 1 },
});

function resident() {
  globalThis.gc();
  return process.memoryUsage.rss();
}

const rss = [];
let taken = 0;
for await (const _ of run) {
  taken++;
  if (taken % 10 === 0) await sleep(1);
  if (taken % 500 === 0) rss.push(resident());
  if (taken === 2000) break;
}
console.log(JSON.stringify({ taken, rss }));
await teacher.close();
