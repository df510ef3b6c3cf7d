// What every question has in common: its options and --help, the header of its results, the tables it prints and writes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { modelPath, root } from "./build.mjs";

/**
 * Begins a question: reads its options, or prints --help and exits.
 *
 * @param question.name    of its file and of its results, bench/results/NAME.json
 * @param question.title   heading in docs/benchmarks.md
 * @param question.text    what is asked and how it is measured, a paragraph
 * @param question.goal    what must hold, or left out
 * @param question.rounds  default number of rounds
 * @param question.threads number of threads where it is none to choose; else --threads has it, default all cores
 * @param question.options name -> { default, help }; all values are text
 * @returns { rounds, threads, values, model, finish }
 */
export function begin(question) {
  const threads = { default: String(availableParallelism()), help: "CPU threads, of every contender" };
  const options = {
    rounds: { default: String(question.rounds), help: "rounds; contenders take turns in each, medians count" },
    ...(question.threads ? {} : { threads }),
    ...question.options,
  };
  const values = parse(question, options);
  const header = {
    name: question.name,
    title: question.title,
    question: question.text,
    goal: question.goal,
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, device: "cpu", loadAtStart: loadavg()[0] },
    commit: commit(),
    command: ["node", `bench/${question.name}.mjs`, ...process.argv.slice(2)].join(" "),
    rounds: positive("rounds", values.rounds),
    threads: question.threads ?? positive("threads", values.threads),
    models: {},
  };
  return {
    rounds: header.rounds,
    threads: header.threads,
    values,
    /** Path of "135m" or "demo"; the results then name its hash. */
    model(name) {
      const path = modelPath(name);
      header.models[name] = createHash("sha256").update(readFileSync(path)).digest("hex");
      return path;
    },
    /**
     * Prints the tables and writes bench/results/NAME.json.
     * @param tables  [{ caption, rows: [{ heading: cell }] }], as they are to be read
     * @param rounds  every figure behind them
     */
    finish(tables, rounds) {
      const { cpu, cores, device, loadAtStart } = header.machine;
      console.log(`${header.title}: ${cpu}, ${cores} cores, ${device}, load ${loadAtStart.toFixed(1)}`);
      console.log(`Commit ${header.commit}; threads: ${header.threads}, rounds: ${header.rounds}`);
      for (const [name, sha256] of Object.entries(header.models)) console.log(`Model ${name}: SHA-256 ${sha256}`);
      for (const { caption, rows } of tables) {
        console.log(caption);
        console.table(rows);
      }
      if (header.goal) console.log(`Goal: ${header.goal}`);
      mkdirSync(join(root, "bench/results"), { recursive: true });
      const results = JSON.stringify({ ...header, tables, figures: rounds }, undefined, 2);
      writeFileSync(join(root, `bench/results/${question.name}.json`), `${results}\n`);
    },
  };
}

/** A list of whole numbers as typed: "1,2,4". */
export function numbers(name, text) {
  return text.split(",").map((part) => positive(name, part));
}

function positive(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`Expected "--${name}" to be a whole number of at least 1, received "${text}"`);
  process.exit(2);
}

function parse({ name, text, goal }, options) {
  const lines = Object.entries(options).map(
    ([key, { default: value, help }]) => `  --${key.padEnd(14)}${help} (default ${value})`,
  );
  const help =
    `Usage: node bench/${name}.mjs [options]\n\n${text}\n${goal ? `Goal: ${goal}\n` : ""}\n${lines.join("\n")}\n\n` +
    `Needs the package compiled (npm run build). Prints tables and writes bench/results/${name}.json.`;
  const accepted = Object.entries(options).map(([key, value]) => [key, { type: "string", default: value.default }]);
  try {
    const { values } = parseArgs({ options: { ...Object.fromEntries(accepted), help: { type: "boolean" } } });
    if (!values.help) return values;
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}

// Results and the page made of them change with every run; anything else that is changed makes the commit not the code.
function commit() {
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
  const changed = git("status", "--porcelain", "--", ".", ":!bench/results", ":!docs/benchmarks.md");
  return `${git("rev-parse", "--short", "HEAD")}${changed === "" ? "" : ", changed"}`;
}
