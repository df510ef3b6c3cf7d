// Files of students whose hash is right and whose first line and numbers are not, and such that are cut or spoiled. What is taken
// answers with probabilities.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadStudent, trainStudent } from "../../dist/evaluate/index.js";
import { mutated } from "../lifetime/fuzz-mutations.mjs";
import { told } from "./told.mjs";

const words = ["red", "apple", "old", "hammer", "green", "pear", "blunt", "saw"];
const texts = words.map((word, i) => ({ text: `${word} ${words[(i + 3) % 8]}`, label: i % 4 < 2 ? "fruit" : "tool" }));
const vectors = texts.map(({ label }, i) => ({ vector: Float32Array.of(i, 1, label === "fruit" ? 1 : 0), label }));
const odd = [-1, 0, 1, 2, 3, 1.5, 2 ** 18, 2 ** 31, 2 ** 53, 1e300, null, "", "x", [], [0], [1, 0], {}, true];

async function wholeFiles(directory) {
  const path = join(directory, "whole.bin");
  const files = [];
  for (const [rows, kind] of [
    [texts, "proxy"],
    [vectors, "logistic"],
  ]) {
    await trainStudent(rows, { kind }).save(path);
    files.push(readFileSync(path));
  }
  return files;
}

// Another value of a field or a number, and the hash of what the file then holds.
function forged(whole, random) {
  const end = whole.indexOf("\n");
  const head = JSON.parse(whole.toString("utf8", 0, end));
  const body = Buffer.from(whole.subarray(end + 1, random(4) === 0 ? end + 1 + random(whole.length - end) : undefined));
  const fields = ["constructor", ...Object.keys(head)];
  for (let times = random(3); times > 0; times--) head[fields[random(fields.length)]] = odd[random(odd.length)];
  for (let times = random(4); times > 0 && body.length > 8; times--) {
    const at = 4 * random(Math.floor((body.length - 8) / 4));
    if (random(2) === 0) body.writeInt32LE(random(2) === 0 ? -1 : 2 ** 31 - 1, at);
    else body.writeDoubleLE([Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1e308][random(4)], at);
  }
  if (typeof head.sha256 === "string") head.sha256 = createHash("sha256").update(body).digest("hex");
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);
}

export async function open(directory) {
  const files = await wholeFiles(directory);
  const path = join(directory, "student.bin");
  return {
    attempt: async (random) => {
      const whole = files[random(2)];
      writeFileSync(path, random(3) === 0 ? mutated(whole, random) : forged(whole, random));
      return await told(async () => {
        const student = await loadStudent(path);
        const asked = student.kind === "proxy" ? ["red hammer", ""] : [new Float32Array(3)];
        for (const row of student.probabilities(asked)) {
          assert.equal(row.length, student.labels.length);
          assert(row.every((value) => value >= 0 && value <= 1));
        }
      });
    },
  };
}
