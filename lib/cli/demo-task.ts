// The demo's task: dictionary definitions of eight kinds of things, written by the teacher that ships with the package.
import { fileURLToPath } from "node:url";
import type { Method, SynthesisSpec } from "../index.js";

/** In-context examples that ship with the package, written for it: 20 definitions a label. */
export const demoSeeds = fileURLToPath(new URL("../../models/demo-seeds.jsonl", import.meta.url));

/** @param count  accepted rows over all eight labels. */
export function demoTask(method: Method, count: number, seed: number): SynthesisSpec {
  return {
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
    // One line a definition, as the teacher learned them.
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 3, separator: "\n" },
    seeds: demoSeeds,
    method,
    count,
    filters: false, // methods are compared by what they write, not by what is left of it
    sampling: { maxTokens: 48, stop: ["\n"], seed },
    // A model this small gains little from a second thread, and threads that wait for each other at every operation
    // lose more than that, up to fortyfold, as soon as another program wants the processors too.
    engine: { threads: 1 },
  };
}
