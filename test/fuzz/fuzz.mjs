// Hands each entrance what nobody sane would send, and says as JSON what came of it: { entrance, seed, cases, accepted, refused, slowest }.
// Ends with an error, and the number of the case, at the first that is told in any other way than in words. Files and tables have
// test/lifetime/fuzz-files.mjs, models that are loaded have fuzz-models.mjs.
//   node test/fuzz/fuzz.mjs gguf|queue|hub|template|pattern|student [--seconds 10] [--cases N] [--seed 1] [--only 4711]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { integersFrom } from "../lifetime/random.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "10" },
    cases: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const [entrance] = positionals;
if (!["gguf", "queue", "hub", "template", "pattern", "student"].includes(entrance)) {
  console.error(`Expected gguf, queue, hub, template, pattern or student, received ${entrance ?? "nothing"}`);
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), "corrsynth-fuzz-"));
const { open } = await import(`./${entrance}.mjs`);
const { attempt, close = () => {} } = await open(directory);
const counts = { entrance, seed: Number(values.seed), cases: 0, accepted: 0, refused: 0, slowest: { case: -1, ms: 0 } };
const only = values.only === undefined ? undefined : Number(values.only);
const most =
  only !== undefined ? only + 1 : values.cases === undefined ? Number.POSITIVE_INFINITY : Number(values.cases);
const end = values.cases === undefined ? performance.now() + Number(values.seconds) * 1000 : Number.POSITIVE_INFINITY;
for (let number = only ?? 0; number < most && performance.now() < end; number++) {
  const random = integersFrom(Math.imul(counts.seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const begun = performance.now();
  const outcome = await attempt(random).catch((error) => {
    console.error(`${entrance}: case ${number} of seed ${counts.seed}: ${error?.stack ?? error}`);
    process.exit(1);
  });
  const ms = Math.round(performance.now() - begun);
  if (ms > counts.slowest.ms) counts.slowest = { case: number, ms };
  counts.cases++;
  counts[outcome]++;
}
await close();
rmSync(directory, { recursive: true });
console.log(JSON.stringify(counts));
