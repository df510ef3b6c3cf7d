// A run that nobody takes further, and nothing else to do: the process must end by itself.
import { setTimeout as sleep } from "node:timers/promises";
import { loadTeacher } from "../../dist/index.js";
import { longRun } from "./decoding.mjs";

const [pause] = process.argv.slice(2);
const instances = longRun(await loadTeacher("demo"))[Symbol.asyncIterator]();
await instances.next();
await sleep(Number(pause));
console.log("abandoned");
