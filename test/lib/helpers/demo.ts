/** The demo teacher, small tasks for it, and what of an outcome must be equal. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { packageRoot } from "../../../lib/engine/addon.js";
import type {
  FinishedGroup,
  Instance,
  Method,
  Report,
  RunOptions,
  SynthesisSpec,
  Teacher,
} from "../../../lib/index.js";
import { fewgen, synthesize } from "../../../lib/index.js";
import { addTallies } from "../../../lib/run/ledger.js";

export const demoModel = resolve(packageRoot, "models/demo-teacher.Q8_0.gguf");

/** The first four of the demo's labels: M = 4 at R = 1. */
export const labels = { animal: "an animal", plant: "a plant", food: "a food", person: "a person" };
export type LabelName = keyof typeof labels;

/** The demo's seeds of these labels; their ids are no line numbers. */
export const seeds: readonly { id: string; label: string; text: string }[] = readFileSync(
  resolve(packageRoot, "models/demo-seeds.jsonl"),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { id: string; label: string; text: string })
  .filter(({ label }) => label in labels);

/** Seeds of these labels alone: a task refuses those of others. */
export function seedsOf(...names: LabelName[]) {
  return seeds.filter(({ label }) => names.some((name) => name === label));
}

export type Overrides = Omit<Partial<SynthesisSpec>, "prompt"> & { prompt?: Partial<SynthesisSpec["prompt"]> };

/** 16 short definitions by FewGen on one thread, unfiltered, a tenth of a second's work, with what the test changes. */
export function task({ prompt, sampling, engine, ...rest }: Overrides = {}): SynthesisSpec {
  return {
    labels,
    seeds,
    method: fewgen(),
    count: 16,
    filters: false, // what the engine gives is what most tests look at
    ...rest,
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 1, separator: "\n", ...prompt },
    sampling: { maxTokens: 24, seed: 7, ...sampling },
    // one thread, since test files run beside each other on few processors
    engine: { threads: 1, ...engine },
  };
}

export interface Outcome {
  readonly instances: Instance[];
  readonly report: Report;
}

/** Runs a task to its end. */
export async function outcome(teacher: Teacher, spec: SynthesisSpec, options?: RunOptions): Promise<Outcome> {
  const run = synthesize(teacher, spec, options);
  const instances: Instance[] = [];
  for await (const instance of run) instances.push(instance);
  return { instances, report: await run.finished };
}

/** Everything that the tokens of a run decide, instance by instance. */
export function words({ instances }: { readonly instances: readonly Instance[] }) {
  return instances.map(({ id, label, text, tokens, ending }) => ({ id, label, text, tokens, ending }));
}

/** The words of a task done with this method. */
export async function wordsBy(teacher: Teacher, method: Method, overrides: Overrides = {}) {
  return words(await outcome(teacher, task({ ...overrides, method })));
}

/** γ_mn for M rows, zero on the diagonal. */
export function weightMatrix(rows: number, weight: (m: number, n: number) => number): number[][] {
  return Array.from({ length: rows }, (_, m) => Array.from({ length: rows }, (_, n) => (m === n ? 0 : weight(m, n))));
}

/** What a run that made these groups, and no more, goes on from. */
export function checkpointAfter(groups: readonly FinishedGroup[]) {
  const tallies = addTallies(
    groups.map((group) => group.labels),
    Object.keys(labels).length,
  );
  return { groups: groups.length, labels: tallies, accepted: groups.flatMap(({ instances }) => [...instances]) };
}
