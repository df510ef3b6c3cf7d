// What the lifetime scripts share: a run that would go on for minutes.
import { fewgen, hybrid, synthesize } from "../../dist/index.js";

const task = {
  labels: { animal: "an animal", plant: "a plant" },
  prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
  filters: false,
};

/** Two groups of four rows in flight, again and again. */
export function longRun(teacher, options = {}) {
  return synthesize(
    teacher,
    { ...task, method: hybrid(), count: 1e6, sampling: { maxTokens: 16 }, engine: { threads: 1, groups: 2 } },
    options,
  );
}

/** Four instances, a few milliseconds' work. */
export const shortTask = {
  ...task,
  method: fewgen(),
  count: 4,
  sampling: { maxTokens: 8 },
  engine: { threads: 1 },
};

export function shortRun(teacher) {
  return synthesize(teacher, shortTask);
}

/** Takes all instances of a run, as fast as they come. */
export async function drain(run) {
  let taken = 0;
  for await (const _ of run) taken++;
  return taken;
}

/** A loop over a long run that has begun to decode: its first instance is there, and more are being taken. */
export async function decoding(teacher, options) {
  const run = longRun(teacher, options);
  let begun;
  const first = new Promise((resolve) => {
    begun = resolve;
  });
  const loop = (async () => {
    for await (const instance of run) begun(instance);
  })();
  await Promise.race([first, loop]);
  return { run, loop };
}
