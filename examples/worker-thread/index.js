// In a worker thread, whose rows come as messages. (Decoding has a thread of its own anyway: this is for what you do with rows.)
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { fewgen, loadTeacher, synthesize } from "corrsynth";

if (isMainThread) {
  let rows = 0;
  const worker = new Worker(new URL(import.meta.url));
  worker.on("message", ({ label, text }) => {
    rows++;
    console.log(`${label}: ${text}`);
  });
  worker.on("exit", () => console.log(`${rows} rows`));
} else {
  const teacher = await loadTeacher("demo");
  const run = synthesize(teacher, {
    labels: { person: "a person", place: "a place" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: fewgen(),
    count: 10,
    sampling: { maxTokens: 32, stop: ["\n"], seed: 7 },
  });
  for await (const { label, text } of run) parentPort?.postMessage({ label, text });
  await teacher.close();
}
