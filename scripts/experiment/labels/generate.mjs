// The rows of every arm: ordinary run directories, made one after the other; started again it goes on.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { arms, taskOf, tasks, teachers } from "./plan.mjs";

const cli = resolve(import.meta.dirname, "../../../dist/cli/main.js");

function corrsynth(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`corrsynth ${args.join(" ")}: exit ${status}\n${stderr}`);
  return stdout + stderr;
}

/** Seeds of a task, drawn from its training file; the same for all arms and teachers of a seed. */
export function seedsOf(name, seed, { out, gold }) {
  const file = join(out, `seeds-${name}-${seed}.jsonl`);
  if (existsSync(file)) return file;
  const { set, seedsPerLabel, labels } = tasks[name];
  const train = join(out, `train-${name}.jsonl`);
  const isOurs = (line) => JSON.parse(line).label in labels;
  const lines = readFileSync(join(gold, `${set}-train.jsonl`), "utf8")
    .trim()
    .split("\n");
  writeFileSync(
    train,
    lines
      .filter(isOurs)
      .map((line) => `${line}\n`)
      .join(""),
  );
  const test = join(gold, `${set}-test.jsonl`);
  const drawn = ["--per-label", `${seedsPerLabel}`, "--seed", `${7 + seed}`, "--exclude", test, "--clean"];
  corrsynth("seeds", train, ...drawn, "--out", file);
  return file;
}

export function directoryOf({ out, teacher, task, arm, seed }) {
  return join(out, teacher, task, arm, `seed-${seed}`);
}

/** Makes one run, unless it is done. */
export function generate(one, { out, gold, models, threads }) {
  const directory = directoryOf({ out, ...one });
  if (existsSync(join(directory, "done"))) return;
  mkdirSync(join(directory, ".."), { recursive: true });
  const teacher = join(resolve(models), teachers[one.teacher]);
  const seeds = seedsOf(one.task, one.seed, { out, gold });
  const spec = taskOf(tasks[one.task], arms[one.arm], { teacher, seeds: resolve(seeds), seed: one.seed, threads });
  writeFileSync(`${directory}.json`, JSON.stringify(spec, null, 1));
  const start = Date.now();
  const said = corrsynth("run", `${directory}.json`, "--out", directory, "--progress", "none");
  writeFileSync(join(directory, "done"), said);
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  appendFileSync(join(out, "log"), `${Object.values(one).join(" ")}: ${seconds} s\n`);
}
