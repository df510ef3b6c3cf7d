// No thread for a generation: the system refuses it, since no address space is left for its stack. The process must
// still end, and does by itself. Prints the code and the message of the error, and what a run makes after it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Generation } from "../../dist/engine/generation.js";
import { loadTeacher } from "../../dist/index.js";
import { prepare } from "../../dist/run/prepare.js";
import { resolveSpec } from "../../dist/task/spec.js";
import { drain, shortRun, shortTask } from "./decoding.mjs";

const limitTo = (bytes) => execFileSync("prlimit", ["--pid", `${process.pid}`, `--as=${bytes}:unlimited`]);
const events = { want: () => {}, group: () => {}, progress: () => {} };

const teacher = await loadTeacher("demo");
// no generation before this one: the stack of a thread that ended is kept for the next
const { native } = await prepare(teacher, resolveSpec(shortTask));
globalThis.gc(); // while the address space is limited, V8 can have no more of it either
const [, kilobytes] = /VmSize:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
limitTo(1024 * Number(kilobytes));
const { ended } = new Generation(teacher, native, events);
limitTo("unlimited");
const refusal = await ended.then(
  () => undefined,
  (error) => error,
);
console.log(refusal?.code, refusal?.message);
console.log(await drain(shortRun(teacher)));
