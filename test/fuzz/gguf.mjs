// Metadata of models whose structure is sound and whose values are not, and such that are cut or spoiled.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkModelFile } from "../../dist/engine/model-file.js";
import { told } from "./told.mjs";

const model = readFileSync(fileURLToPath(new URL("../../models/demo-teacher.Q8_0.gguf", import.meta.url)));
const odd = [0n, 1n, 2n, 7n, 255n, 512n, 513n, 2n ** 31n - 1n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

// Where the entries of the metadata begin, where their types stand, and where they end.
function entriesOf(bytes) {
  const endOf = (type, at) => {
    if (type === 8) return at + 8 + Number(bytes.readBigUInt64LE(at));
    if (type !== 9) return at + sizes[type];
    const [inner, count] = [bytes.readUInt32LE(at), Number(bytes.readBigUInt64LE(at + 4))];
    let end = at + 12;
    for (let n = 0; n < count; n++) end = endOf(inner, end);
    return end;
  };
  const entries = [];
  for (let n = Number(bytes.readBigUInt64LE(16)), at = 24; n > 0; n--) {
    const type = endOf(8, at);
    const end = endOf(bytes.readUInt32LE(type), type + 4);
    entries.push({ start: at, type, end });
    at = end;
  }
  return entries;
}

const entries = entriesOf(model);
const header = model.subarray(0, entries.at(-1).end);

function mutated(random) {
  let bytes = Buffer.from(header);
  for (let times = 1 + random(3); times > 0; times--) {
    const { start, type, end } = entries[random(entries.length)];
    if (end > bytes.length) continue;
    const value = odd[random(odd.length)];
    const how = Math.max(0, random(12) - 4);
    if (how === 0) bytes.writeUInt32LE(Number(value & 0xffffffffn), type + 4);
    else if (how === 1) bytes.writeUInt32LE(random(16), type);
    else if (how === 2 && end - type >= 12) bytes.writeBigUInt64LE(value, type + 4);
    else if (how === 3) bytes.writeBigUInt64LE(value, [8, 16, start][random(3)]);
    else if (how === 4) bytes.writeUInt8(random(256), random(bytes.length));
    else if (how === 5) bytes = bytes.subarray(0, 4 + random(bytes.length - 4));
    else if (how === 6)
      bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]); // one too few
    else bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(start, end), bytes.subarray(end)]);
    if (bytes.length < header.length) break;
  }
  return bytes;
}

export async function open(directory) {
  const path = join(directory, "model.gguf");
  return {
    attempt: async (random) => {
      writeFileSync(path, mutated(random));
      return await told(() => checkModelFile(path));
    },
  };
}
