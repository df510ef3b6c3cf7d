// Numbers at the edges of 32 bits, in a process of its own: what came of each as JSON, and the most memory that it took
// (bytes).
import { loadTeacher, plan, synthesize } from "../../dist/index.js";
import { shortTask } from "./decoding.mjs";

const teacher = await loadTeacher("demo");

async function texts({ engine = {}, sampling = {} }) {
  const task = {
    ...shortTask,
    engine: { ...shortTask.engine, ...engine },
    sampling: { ...shortTask.sampling, ...sampling },
  };
  await plan(teacher, task);
  const texts = [];
  for await (const { text } of synthesize(teacher, task)) texts.push(text);
  return texts.join("|");
}

async function first(maxTokens) {
  const [vector] = await teacher.embed(["a small burrowing rodent with long ears"], { maxTokens, threads: 1 });
  return vector.slice(0, 4).join();
}

const attempts = {
  "as it is": () => texts({}),
  "batchSize 2^31-1": () => texts({ engine: { batchSize: 2 ** 31 - 1 } }),
  "batchSize 2^31": () => texts({ engine: { batchSize: 2 ** 31 } }),
  "topK 2^32+1": () => texts({ sampling: { topK: 2 ** 32 + 1 } }),
  "contextSize 2^31-1": () => texts({ engine: { contextSize: 2 ** 31 - 1 } }),
  "contextSize 2^31": () => texts({ engine: { contextSize: 2 ** 31 } }),
  "embed 512": () => first(512),
  "embed 1": () => first(1),
  "embed 2^31-1": () => first(2 ** 31 - 1),
  "embed 2^31": () => first(2 ** 31),
  "embed 2^32+1": () => first(2 ** 32 + 1),
};
const found = {};
for (const [name, attempt] of Object.entries(attempts)) {
  found[name] = await attempt().catch(({ code, message }) => `${code} ${message}`);
}
console.log(JSON.stringify({ found, bytes: process.resourceUsage().maxRSS * 1024 }));
