// `npm run bench`: runs the questions one after the other, each in a process of its own, then writes docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { questions } from "./questions.mjs";

const HELP = `Usage: npm run bench -- [NAME...]

Runs the benchmarks named, or all, with their defaults; then writes docs/benchmarks.md from bench/results/. All of them
take about a quarter of an hour on two cores, which nothing else should use meanwhile. Names: ${questions.join(", ")}.
Options of one: node bench/NAME.mjs --help
Beside them, where they can run: node bench/few-shot.mjs --seeds FILE, npm run bench:gpu.
`;

const asked = process.argv.slice(2);
if (asked.includes("--help")) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = asked.find((name) => !questions.includes(name));
if (unknown !== undefined) {
  console.error(`Unknown benchmark "${unknown}"\n\n${HELP}`);
  process.exit(2);
}

const here = dirname(fileURLToPath(import.meta.url));
const failed = [];
for (const name of asked.length > 0 ? asked : questions) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [join(here, `${name}.mjs`)], { stdio: "inherit" });
  if (status !== 0) failed.push(name);
  console.log(`${name}: ${status === 0 ? "done" : "FAILED"}, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
const { status } = spawnSync(process.execPath, [join(here, "write-docs.mjs")], { stdio: "inherit" });
if (failed.length > 0) console.error(`Failed: ${failed.join(", ")}; docs/benchmarks.md has their earlier results`);
process.exit(failed.length > 0 || status !== 0 ? 1 : 0);
