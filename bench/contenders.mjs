// The contenders: a task through the public API, and the decode program (engine, or bare llama.cpp loop).
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { synthesize } from "../dist/index.js";
import { root, tree } from "./build.mjs";

export const labels = { business: "business", sports: "sports", science: "science", world: "world news" };
export const summaries = {
  instruction: "Write a summary for a news article about {label}.",
  answer: "Summary:",
  shots: 0,
};

/** The demo teacher's own task but for method and count: K = 8, and with R = 2, groups of 16 rows. */
export const definitions = {
  labels: {
    animal: "an animal",
    plant: "a plant",
    food: "a food",
    person: "a person",
    location: "a place",
    artifact: "a man-made object",
    body: "a body part",
    substance: "a substance",
  },
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 3, separator: "\n" },
  seeds: join(root, "models/demo-seeds.jsonl"),
  sampling: { maxTokens: 48, stop: ["\n"], seed: 7 },
};

/** Runs a task to its end; its instances are counted and dropped. */
export async function runTask(teacher, task, threads) {
  const run = synthesize(teacher, { filters: false, ...task, engine: { threads, ...task.engine } });
  let instances = 0;
  for await (const _ of run) instances++;
  const { labels: _labels, warnings: _warnings, quotaMet: _quotaMet, ...report } = await run.finished;
  return { ...report, instances, instancesPerSecond: instances / report.seconds };
}

/**
 * Runs the decode program in a process of its own.
 * @param who  contenders that take turns, separated by commas: bare, device, engine, host, … (see native/decode.cpp)
 * @param shape.layers  of `dola`; shape.second  path of the model of `amateur` and `second`
 * @param shape.programs  folder of the program, default that of the CPU build
 * @returns what it prints: rows, slotSize, peakMegabytes, bare and engine with { tokensPerSecond, rounds, … }
 */
export function decode(
  who,
  { model, groupRows, groups = 1, promptTokens, steps, threads, rounds = 1, repeat = 2, layers, second, programs },
) {
  const beside =
    second === undefined ? (layers === undefined ? [] : [layers.join(".")]) : [(layers ?? [1]).join("."), second];
  const args = [who, model, groupRows, groups, promptTokens, steps, threads, rounds, repeat, ...beside];
  return JSON.parse(
    execFileSync(join(programs ?? join(tree, "out"), "decode"), args.map(String), { encoding: "utf8" }),
  );
}

/**
 * Tokens per second of the bare loop at the mean number of live rows and the mean length of a run.
 * @param report  of the run, from {@link runTask}
 * @param rows    rows of one of its groups
 */
export function bareLike(report, rows, model, threads) {
  const started = report.groups * rows;
  const shape = {
    groupRows: Math.max(1, Math.round(report.decodedTokens / report.steps)),
    promptTokens: Math.max(1, Math.round(report.promptTokens / started)),
    steps: Math.max(8, Math.round(report.decodedTokens / started)),
  };
  const rounds = Math.ceil(48 / shape.steps); // so that short texts, too, give a time to go by
  return { ...shape, tokensPerSecond: decode("bare", { model, threads, ...shape, rounds }).bare.tokensPerSecond };
}
