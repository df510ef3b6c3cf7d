// Hybrid CorrSynth against classifier-free guidance for the same task: K = 4 labels, R = 2, zero-shot, so that prompts
// weigh nothing and the ratio of times stands beside the K·R = 8 times as many rows that CFG decodes.
import { cfg, hybrid } from "../dist/index.js";
import { compare, labels } from "./compare.mjs";

const task = (method, groups) => ({
  labels,
  prompt: { instruction: "Write a summary for a news article about {label}.", answer: "Summary:", shots: 0 },
  method,
  count: 32, // 4 groups of 8 instances
  sampling: { maxTokens: 32, seed: 7 },
  engine: { groups },
});

// One group of CFG has 8 + 8 * 7 = 64 rows; CorrSynth decodes its 4 groups of 8 at once.
await compare("cfg", { "cfg-hybrid": task(cfg({ kind: "hybrid" }), 2), hybrid: task(hybrid(), 4) });
