// One synthesis run with the demo teacher in a process of its own, for its memory.
//   node count-instances.mjs COUNT THREADS     prints { instancesPerSecond, peakMegabytes, ... }
import { hybrid, loadTeacher } from "../../dist/index.js";
import { definitions, runTask } from "../contenders.mjs";

const [count, threads] = process.argv.slice(2).map(Number);
const teacher = await loadTeacher("demo");
const { instances, instancesPerSecond, seconds } = await runTask(
  teacher,
  { ...definitions, method: hybrid(), count },
  threads,
);
await teacher.close();
const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
console.log(JSON.stringify({ instances, instancesPerSecond, seconds, peakMegabytes }));
