// One synthesis run in a process of its own, for its memory; MODEL is a GGUF file, default the demo teacher.
//   node count-instances.mjs COUNT THREADS [MODEL]     prints { instancesPerSecond, peakMegabytes, ... }
import { hybrid, loadTeacher } from "../../dist/index.js";
import { definitions, runTask } from "../contenders.mjs";

const [count, threads] = process.argv.slice(2, 4).map(Number);
const teacher = await loadTeacher(process.argv[4] ?? "demo");
const { instances, instancesPerSecond, seconds } = await runTask(
  teacher,
  { ...definitions, method: hybrid(), count },
  threads,
);
await teacher.close();
const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
console.log(JSON.stringify({ instances, instancesPerSecond, seconds, peakMegabytes }));
