// Prints the event loop's delay while 200 instances are made, milliseconds, as JSON: { p99, max, seconds }.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { hybrid, loadTeacher, synthesize } from "../../dist/index.js";

const teacher = await loadTeacher("demo");
const labels = ["animal", "plant", "food", "person", "location", "artifact", "body", "substance"];
const run = synthesize(teacher, {
  labels,
  prompt: { instruction: "Definition of {label}", answer: ":", separator: "\n" },
  seeds: fileURLToPath(new URL("../../models/demo-seeds.jsonl", import.meta.url)),
  method: hybrid(),
  count: 200,
  sampling: { maxTokens: 48, stop: ["\n"] },
  engine: { threads: 1 },
});
const instances = run[Symbol.asyncIterator]();
await instances.next(); // code that runs for the first time is being compiled until here
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const start = performance.now();
let taken = 1;
while (!(await instances.next()).done) taken++;
delay.disable();
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ taken, seconds, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }));
await teacher.close();
