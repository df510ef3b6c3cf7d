// Writes docs/benchmarks.md from bench/results/*.json: figures get there by this script alone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./build.mjs";
import { questions } from "./questions.mjs";

if (process.argv.includes("--help")) {
  console.log("Usage: node bench/write-docs.mjs\n\nWrites docs/benchmarks.md from bench/results/.");
  process.exit(0);
}

const INTRODUCTION = `# Benchmarks

Written by \`node bench/write-docs.mjs\` from \`bench/results/\`; \`npm run bench\` measures everything anew. Contenders take
turns within a run, in an order that is turned round every round; figures are medians over the rounds, with the least and the
most in brackets. On a machine that others use too, ratios say more than rates.

"135m" has the shape of a 135M-parameter Llama (30 layers, 576 wide, Q8_0), the vocabulary of GPT-2 and random weights; "demo"
is the teacher that ships with the package; "smollm2" is SmolLM2-135M-Instruct (Q4_1).
`;

function read(name) {
  const path = join(root, `bench/results/${name}.json`);
  if (!existsSync(path)) return undefined;
  const result = JSON.parse(readFileSync(path, "utf8"));
  return result.tables ? result : undefined; // of an earlier form
}

const cell = (value) => String(value).replaceAll("|", "\\|");
const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;

function table({ caption, rows }) {
  const headings = Object.keys(rows[0]);
  const lines = [line(headings), line(headings.map(() => "---")), ...rows.map((row) => line(Object.values(row)))];
  return `${caption}\n\n${lines.join("\n")}`;
}

function conditions({ machine, date, commit, rounds, threads, models, command }) {
  const { cpu, cores, device, loadAtStart } = machine;
  const hashes = Object.entries(models).map(([name, sha256]) => `${name} ${sha256.slice(0, 12)}`);
  return [
    `\`${command}\``,
    `${cpu}, ${cores} cores, device ${device}, load ${loadAtStart.toFixed(1)} at the start`,
    `threads: ${threads}, rounds: ${rounds}`,
    `${date.slice(0, 10)}, commit ${commit}`,
    ...(hashes.length > 0 ? [`model SHA-256: ${hashes.join(", ")}`] : []),
  ].join("; ");
}

function section(result) {
  const goal = result.goal ? [`Goal: ${result.goal}.`] : [];
  const parts = [`## ${result.title}`, result.question, ...goal, ...result.tables.map(table), conditions(result)];
  return parts.join("\n\n");
}

// few-shot needs seeds, gpu a GPU: where they were asked
const results = new Map([...questions, "few-shot", "gpu"].map((name) => [name, read(name)]));
const answered = [...results.values()].filter((result) => result !== undefined);
const missing = questions.filter((name) => results.get(name) === undefined);
if (missing.length > 0) console.error(`No results yet, left out: ${missing.join(", ")}`);
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/benchmarks.md"), `${[INTRODUCTION.trim(), ...answered.map(section)].join("\n\n")}\n`);
