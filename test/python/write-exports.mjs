// Writes what test_exports.py reads: a run of awkward rows, exported in every way that training reads, and beside it
// expected.json, what must come out. node test/python/write-exports.mjs DIR (the package must be compiled: npm run build:ts)
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportRun } from "../../dist/io.js";
import { RunDirectory } from "../../dist/store/run-directory.js";

const directory = process.argv[2];
mkdirSync(directory, { recursive: true });

/** Names that a YAML card, a CSV header or a path could trip over; the order is not that of the alphabet. */
const labels = ["World", "Sci/Tech", "1", "yes", "null", 'a, b: "c" # d', "é😀", "../../x", "-", " two  words"].map(
  (name) => name.trim(),
);
const texts = [
  "plain",
  'two\nlines, "quoted"\r\n',
  "=cmd|'/c calc'!A0",
  "'tis",
  "é😀 \u202eright to left\u2028",
  "NA",
  "1e5",
  "\ttab",
];
const rows = labels.flatMap((label, l) =>
  texts.map((text, t) => ({
    id: `${l}.${t}`,
    text: `${text} ${l}`.replace(/^(NA|1e5) \d+$/, l === 0 ? "$1" : "$1 $&"),
    label,
    group: l,
    repeat: t % 2,
    examples: t === 0 ? [] : ["s1", "s,2"],
    tokens: 3 + t,
    ending: t === 1 ? "length" : "stop",
    ...(t === 1 ? { cut: true } : {}),
    seed: "18446744073709551615",
    ...(t === 2 ? {} : { logprob: -1.5 - t, weight: 0.25 * t }),
    ...(t === 3 ? { attributes: { style: "dry" }, contrastNorms: [0.25, 2] } : {}),
    labelProbability: 0.75,
    labelProbabilities: Object.fromEntries(
      labels.map((name, i) => [name, i === l ? 0.75 : 0.25 / (labels.length - 1)]),
    ),
  })),
);

const run = await RunDirectory.open(join(directory, "run"));
await run.begin({
  task: { count: rows.length },
  settings: {
    labels: labels.map((name) => ({ name, verbalization: `a ${name}` })),
    count: labels.map(() => texts.length),
    sampling: { topP: 0.9 },
    limits: { maxGroups: 20 },
  },
  ...{ seed: 7, inputs: {}, teacher: { path: "teacher.gguf", sha256: "00ff" }, versions: { corrsynth: "0.0.0" } },
  ...{ device: "cpu", started: "2026-01-01T00:00:00.000Z" },
});
for (const [group, label] of labels.entries()) {
  const instances = rows.filter((row) => row.label === label);
  const tallies = labels.map((name) => ({ accepted: name === label ? texts.length : 0, surplus: 0, rejected: {} }));
  await run.commit({ group, instances, labels: tallies });
}
await run.close({ state: "done" });

const sizes = {};
for (const columns of ["basic", "soft", "all"]) {
  for (const format of ["jsonl", "csv", "parquet", "hf"]) {
    for (const validation of [undefined, 0.25]) {
      const name = `${format}-${columns}${validation === undefined ? "" : "-split"}`;
      const out = join(directory, format === "hf" || validation !== undefined ? name : `${name}.${format}`);
      const plain = format === "csv" ? { escapeFormulas: false } : {};
      const { train, validation: held } = await exportRun(join(directory, "run"), {
        format,
        columns,
        validation,
        out,
        ...plain,
      });
      sizes[name] = [train, held];
    }
  }
}
writeFileSync(join(directory, "expected.json"), JSON.stringify({ labels, rows, sizes }));
