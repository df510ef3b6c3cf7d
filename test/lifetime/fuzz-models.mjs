// Mutates the demo teacher again and again and tries each in a process of its own. Says as JSON what came of them:
// { files, loaded, refused, ended }; ends with an error at the first that is told in any other way than as a bad model file.
//   node test/lifetime/fuzz-models.mjs [--files 2000] [--seed 1] [--at-once 2]
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tryTeacher } from "../../dist/index.js";
import { integersFrom } from "./random.mjs";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    "at-once": { type: "string", default: "2" },
  },
});
const directory = mkdtempSync(join(tmpdir(), "corrsynth-models-"));
const sound = readFileSync(fileURLToPath(new URL("../../models/demo-teacher.Q8_0.gguf", import.meta.url)));
const endOfHeader = sound.lastIndexOf("output_norm.weight") + 64; // metadata and the list of tensors; weights follow

const random = integersFrom(Number(values.seed));

const odd = [0, 1, 2, 255, 256, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const keys = [
  ...sound
    .subarray(0, endOfHeader)
    .toString("latin1")
    .matchAll(/(?:general|llama|tokenizer)\.[\w.]+/g),
].map(({ index, 0: key }) => index + key.length);
const mutations = [
  (bytes) => bytes.subarray(0, random(bytes.length)),
  (bytes) => bytes.writeUInt8(random(256), random(endOfHeader)),
  (bytes) => bytes.writeUInt32LE(odd[random(odd.length)], random(endOfHeader)),
  (bytes) => bytes.writeUInt32LE(odd[random(odd.length)], 4 + 4 * random(6)), // version and counts
  (bytes) => bytes.writeUInt32LE(odd[random(odd.length)], keys[random(keys.length)] + 4), // a value
  (bytes) => bytes.writeUInt32LE(random(16), keys[random(keys.length)]), // the type of a value
  (bytes) => bytes.copy(bytes, random(endOfHeader), random(endOfHeader), endOfHeader),
  (bytes) => bytes.fill(random(256), endOfHeader + random(bytes.length - endOfHeader)), // weights
];

function mutated() {
  let bytes = Buffer.from(sound);
  for (let times = 1 + random(3); times > 0; times--) {
    const out = mutations[random(mutations.length)](bytes);
    if (Buffer.isBuffer(out)) bytes = out;
    if (bytes.length < endOfHeader + 64) break;
  }
  return bytes;
}

const counts = { files: 0, loaded: 0, refused: 0, ended: 0 };
async function work(worker) {
  const path = join(directory, `${worker}.gguf`);
  while (counts.files < Number(values.files)) {
    const file = counts.files++;
    const bytes = mutated();
    writeFileSync(path, bytes);
    try {
      await tryTeacher(path, { seconds: 60 });
      counts.loaded++;
    } catch (error) {
      const isTold = error.code?.startsWith("CORRSYNTH_") && error.message.length > 20;
      if (!isTold) writeFileSync(join(tmpdir(), `corrsynth-file-${values.seed}-${file}.gguf`), bytes);
      assert(isTold, `file ${file} of seed ${values.seed} (kept in ${tmpdir()}): ${error.stack}`);
      assert(!error.message.includes("did not answer"), `file ${file} of seed ${values.seed} hangs`);
      if (process.env.SHOW) console.error(error.code, error.message.slice(0, 260));
      counts[error.message.includes("was ended by") ? "ended" : "refused"]++;
    }
  }
}

await Promise.all(Array.from({ length: Number(values["at-once"]) }, (_, worker) => work(worker)));
rmSync(directory, { recursive: true });
console.log(JSON.stringify(counts));
