// Runs in a worker thread, which workers.mjs starts; says how far it is.
import { parentPort, workerData } from "node:worker_threads";
import { loadTeacher } from "../../dist/index.js";
import { decoding, drain, shortRun } from "./decoding.mjs";

parentPort.postMessage("begun");
const teacher = await loadTeacher("demo");
parentPort.postMessage("loaded");
if (workerData === "decode") {
  await decoding(teacher);
  parentPort.postMessage("decoding");
}
if (workerData === "exit") {
  await decoding(teacher);
  process.exit(3);
}
if (workerData === "throw") {
  await decoding(teacher);
  throw new Error("nobody catches this");
}
if (workerData === "close") {
  const { loop } = await decoding(teacher);
  const ended = loop.catch((error) => error.code);
  await teacher.close();
  parentPort.postMessage(await ended);
}
if (workerData === "finish") {
  parentPort.postMessage(await drain(shortRun(teacher)));
  await teacher.close();
}
