// Runs that are begun and forgotten: prints, as JSON, threads and resident bytes before, with them, and after the
// garbage collector has been there. Arguments: how many, and what holds on to what. Needs --expose-gc.
import { setMaxListeners } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { loadTeacher } from "../../dist/index.js";
import { longRun } from "./decoding.mjs";

const [runs, kind] = [Number(process.argv[2]), process.argv[3]];
const teacher = await loadTeacher("demo");
const controller = new AbortController(); // outlives all runs
setMaxListeners(0, controller.signal);

const ways = {
  async plain() {
    await longRun(teacher)[Symbol.asyncIterator]().next();
  },
  async signal() {
    await longRun(teacher, { signal: controller.signal })[Symbol.asyncIterator]().next();
  },
  // functions of one scope hold all that any of them names: here each holds the run itself
  async callbacks() {
    const run = longRun(teacher, { onProgress: () => run.spec, onGroup: () => void run.finished });
    await run[Symbol.asyncIterator]().next();
  },
};

function state() {
  return { threads: readdirSync("/proc/self/task").length, rss: process.memoryUsage.rss() };
}

/** Lets the garbage collector do its work until there are no more threads than that, for ten seconds at most. */
async function collected(threads) {
  for (let i = 0; i < 500 && state().threads > threads; i++) {
    globalThis.gc();
    await sleep(20);
  }
}

const idle = state().threads;
await ways[kind]();
await collected(idle); // what the first run loads stays
const before = state();
for (let i = 0; i < runs; i++) await ways[kind]();
const begun = state();
await collected(before.threads);
const after = state();
console.log(JSON.stringify({ before, begun, after }));
await teacher.close();
