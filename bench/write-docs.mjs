// Writes docs/benchmarks.md from bench/results/*.json: figures get there by this script alone.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./build.mjs";

const read = (name) => JSON.parse(readFileSync(join(root, `bench/results/${name}.json`), "utf8"));
const day = ({ date }) => date.slice(0, 10);
const number = (value, digits) =>
  Number.isInteger(value) && digits === undefined ? value : value.toFixed(digits ?? 1);

function table(headings, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map((row) => line(row.map(String)))].join("\n");
}

function engineVsBare(name) {
  const { results } = read(name);
  const headings = ["model", "rows", "groups", "bare tokens/s", "engine tokens/s", "ratio", "sampler ms/step", "share"];
  const rows = results.map((r) => [
    ...[r.model, r.rows, r.groups, number(r.bareTokensPerSecond), number(r.engineTokensPerSecond), number(r.ratio, 2)],
    ...[number(r.samplerMsPerStep, 3), `${number(100 * r.samplerShare)} %`],
  ]);
  return table(headings, rows);
}

function compared(name) {
  const { summary, ratios } = read(name);
  const headings = [
    "task",
    "instances/s",
    "prompt tokens",
    "of them decoded",
    "forward passes",
    "prefill s",
    "decode s",
  ];
  const rows = summary.map((r) => [
    ...[r.task, number(r.instancesPerSecond, 2), r.promptTokens, r.prefilledTokens, r.decodedTokens],
    ...[number(r.prefillSeconds), number(r.decodeSeconds)],
  ]);
  return `${table(headings, rows)}\n\nRatio of each round: ${ratios.map((ratio) => number(ratio, 2)).join(", ")}.`;
}

function sampler() {
  const { results } = read("sampler");
  const headings = ["rows", "vocabulary", "ours", "ours, α = 0", "llama.cpp chain", "plain contrast", "JavaScript"];
  const times = (r) => [r.oursMs, r.oursAlpha0Ms, r.chainMs, r.plainMs, r.javaScriptMs].map((ms) => number(ms, 2));
  return table(
    headings,
    results.map((r) => [r.rows, r.vocabulary, ...times(r)]),
  );
}

const engine = read("engine-vs-bare");
const text = `# Benchmarks

Written by \`node bench/write-docs.mjs\` from \`bench/results/\`. ${engine.machine.cpu}, ${engine.machine.cores} cores, CPU only,
${day(engine)}. The machine is shared and noisy: contenders take turns within a run, figures are medians, and ratios say more
than rates. "135m" has the shape of a 135M-parameter Llama (30 layers, 576 wide, Q8_0), the vocabulary of GPT-2 and random
weights; "demo" is the teacher that ships with the package.

## The engine beside a bare llama.cpp decode loop

Same batch, same lengths, same threads; the bare loop draws nothing. \`npm run bench -- --rows 8 --groups 2,4,8,16 --steps 12
--rounds 5\`; rows are all that are decoded together, in groups of 8 (Hybrid).

${engineVsBare("engine-vs-bare")}

One group of 20 rows, each contrasted with 19: \`npm run bench -- --rows 20 --out sampler-share --steps 24 --rounds 5\`.

${engineVsBare("sampler-share")}

## Hybrid against classifier-free guidance

K = 4, R = 2, zero-shot, 32 tokens out, 135m: CFG decodes K·R = 8 times the rows. \`node bench/cfg.mjs 2\`

${compared("cfg")}

## Shared prompts

3-shot prompts of about 330 tokens, 50 tokens out, 64 instances, 135m. \`node bench/prompt-reuse.mjs 2\`

${compared("prompt-reuse")}

## Drawing one step

Milliseconds a step on one thread, Hybrid, α = 1e-3 unless it says otherwise. The chain is llama.cpp's top-p and dist for each row
without any contrast; the plain contrast runs over the whole vocabulary before that chain. \`node bench/sampler.mjs\`

${sampler()}
`;
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/benchmarks.md"), text);
