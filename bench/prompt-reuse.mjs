// What shared prompts are worth, end to end: prompts of about 330 tokens, 50 tokens out.
import { hybrid } from "../dist/index.js";
import { compare, labels } from "./compare.mjs";

const words =
  "the market said that on friday its new report would show a strong rise in sales across most regions".split(" ");

// Texts of about 90 tokens, all different.
const seeds = Object.keys(labels).flatMap((label) =>
  Array.from({ length: 50 }, (_, i) => ({
    label,
    text: Array.from({ length: 90 }, (_, j) => words[(i * 7 + j * (1 + (i % 5))) % words.length]).join(" "),
  })),
);

const task = (promptReuse) => ({
  labels,
  seeds,
  prompt: { instruction: "Write a summary for a news article about {label}.", answer: "Summary:", shots: 3 },
  method: hybrid(),
  count: 64, // 8 groups of 8 rows
  sampling: { maxTokens: 50, seed: 7 },
  engine: { groups: 4, promptReuse },
});

await compare("prompt-reuse", { "promptReuse 1": task(1), "promptReuse 4": task(4) });
