// The systems that the paper is measured against, as this package runs them: one entry each, all on the same seeds.
import { readRows } from "../labels/measure.mjs";
import { tasks } from "../labels/plan.mjs";

export const rowsOfEach = 300;
const { labels, instruction, answer, maxTokens } = tasks.ag_news;

/** The task that all have in common: AG News, three shots, raw prompts, eight groups to a set of prompts. */
function common({ teacher, seeds, threads }) {
  return {
    teacher,
    labels,
    prompt: { instruction, answer, shots: 3, format: "raw" },
    seeds,
    method: { name: "fewgen" },
    count: rowsOfEach,
    engine: { threads, promptReuse: 8 },
    sampling: { maxTokens, stop: ["\n"], seed: 7 },
  };
}

const rounds = (policy, options = {}) => ({
  // the two rounds of these add up to the rows of the others
  taskOf: (known) => ({ ...common(known), count: rowsOfEach / 2 }),
  rounds: () => ({ policy, rounds: 2, ...options }),
});

/** By name: the task, and of rounds their options; `known` has the files that `prepare` made. In the order of making. */
export const systems = {
  fewgen: {
    title: "FewGen",
    // twice as many: their beginning is what equal tokens bring
    taskOf: (known) => ({ ...common(known), count: 2 * rowsOfEach }),
  },
  attributes: {
    title: "AttrPrompt: attributes",
    taskOf: (known) => {
      const task = common(known);
      return {
        ...task,
        prompt: {
          instruction: `${instruction} It is about {subtopic}, and its style is {style}.`,
          answer,
          shots: 0,
          format: "raw",
        },
        attributes: known.attributes,
      };
    },
  },
  contexts: {
    title: "SynthesizRR: a context for each row",
    taskOf: (known) => ({
      ...common(known),
      prompt: {
        instruction: `News: {context}\n${instruction} It is inspired by that news, and does not repeat it.`,
        answer,
        shots: 2,
        format: "raw",
      },
      seeds: known.examples,
      contexts: { from: known.contexts, once: true },
      engine: { threads: known.threads },
    }),
  },
  agree: {
    title: "ReGen: agree",
    taskOf: common,
    rounds: () => ({ policy: "agree", rounds: 3 }),
  },
  errors: {
    title: "S3: errors",
    ...rounds("errors"),
    rounds: ({ validation }) => ({ policy: "errors", rounds: 2, validation }),
  },
  influence: { title: "ProGen: influence", ...rounds("influence") },
  self: { title: "self-instruct: self", ...rounds("self") },
  weights: { title: "SunGen: weights", taskOf: common, rounds: () => ({ policy: "weights", rounds: 1 }) },
};

/** Rows of a file of JSON Lines, of every label equally many, from `from` on. */
export function evenlyFrom(file, ofEach, from = 0) {
  const rows = readRows(file);
  return Object.keys(labels).flatMap((name) => rows.filter(({ label }) => label === name).slice(from, from + ofEach));
}
