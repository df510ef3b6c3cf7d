// The questions, in the order in which docs/benchmarks.md answers them. Each is a file of this folder.
export const questions = [
  "engine",
  "steady",
  "zero-shot",
  "prompt-reuse",
  "cfg",
  "peer",
  "sampler",
  "score",
  "second",
  "scaling",
  "side-by-side",
  "memory",
  "evaluate",
];
