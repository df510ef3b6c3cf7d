// Scoring texts beside a bare llama.cpp decode of the same tokens.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { begin, numbers } from "./harness.mjs";
import { ratios, spread } from "./statistics.mjs";

const bench = begin({
  name: "score",
  title: "Scoring texts beside a bare llama.cpp decode",
  text: `What does it cost to score texts, beyond decoding their tokens? Two forms, as a label check asks for them. Channel: the
prompts of all labels, the same ones in every call, and behind each of them the same texts, all tokens of which are scored.
Direct: one beginning, the same in every call, behind it texts, and behind each of them labels of two tokens. Every round has
new texts; their tokens are decoded in batches of up to 212, which fill the cells that 300 tokens leave of 512. Beside it
"bare": llama_decode of the same tokens in the same batches at the same positions, in llama.cpp's own context (float16 keys and
values, flash attention where it finds it best), without logits. "Bare with logits" has those of the rows that are scored, and
"in float32" has them in the precision of the scores, without flash attention. Their prompts are in their cells before the clock
starts; the scorer copies them from where it keeps them, and that counts. Rates are tokens per second of processor time, which
other programs on the machine change less than the clock's.`,
  goal: `at least 0.9 of bare with logits, of the same rows`,
  rounds: 3,
  options: {
    models: { default: "smollm2,demo", help: "models, separated by commas" },
    labels: { default: "4", help: "prompts (channel), labels (direct)" },
    texts: { default: "4", help: "texts a round" },
    prompt: { default: "300", help: "tokens of a prompt or of the beginning" },
    text: { default: "40", help: "tokens of a text" },
  },
});
const programs = build();
const [labels] = numbers("labels", bench.values.labels);
const [texts] = numbers("texts", bench.values.texts);
const [prompt] = numbers("prompt", bench.values.prompt);
const [text] = numbers("text", bench.values.text);

const figures = [];
function measure(model, form) {
  const args = [form, bench.model(model), labels, prompt, texts, text, bench.threads, bench.rounds].map(String);
  const figure = JSON.parse(execFileSync(join(programs, "score"), args, { encoding: "utf8" }));
  figures.push({ model, form, ...figure });
  const { bare, logits, exact, score } = figure;
  const over = (other) => spread(ratios(score.processor, other.processor), 2);
  return {
    model,
    form,
    tokens: score.tokens,
    "bare tokens/s": spread(bare.processor),
    "bare with logits": spread(logits.processor),
    "score tokens/s": spread(score.processor),
    "over bare": over(bare),
    "over bare with logits": over(logits),
    "over bare in float32": over(exact),
  };
}

const rows = bench.values.models.split(",").flatMap((name) => ["channel", "direct"].map((form) => measure(name, form)));
bench.finish([{ caption: "Medians over the rounds, in brackets the least and the most.", rows }], figures);
