// What drawing one step costs by rows and vocabulary: ours in C++, llama.cpp's own chain for each row, the plain contrast
// over the whole vocabulary before that chain, and the same step written in JavaScript on logits copied out. One thread,
// medians. Prints a table; writes bench/results/sampler.json. Argument: [ROUNDS]
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { build, root, tree } from "./build.mjs";

const rounds = Number(process.argv[2] ?? 9);

// As a user would write it: mask, contrast at every token, softmax, sort, top-p, draw.
function stepInJavaScript(device, rows, vocab, weights) {
  const logits = Float32Array.from(device); // copied out, as logits of another process or device are
  const tokens = [];
  for (let m = 0; m < rows; m++) {
    const own = logits.subarray(m * vocab, (m + 1) * vocab);
    const best = own.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
    const scores = Float64Array.from(own);
    for (let n = 0; n < rows; n++) {
      const weight = weights[m * rows + n];
      if (weight === 0) continue;
      for (let w = 0; w < vocab; w++) scores[w] -= weight * logits[n * vocab + w];
    }
    const candidates = [];
    for (let w = 0; w < vocab; w++) {
      const isPlausible = own[w] >= best + Math.log(1e-3);
      candidates.push({ w, p: isPlausible ? Math.exp(scores[w]) : 0 });
    }
    candidates.sort((a, b) => b.p - a.p);
    const total = candidates.reduce((sum, { p }) => sum + p, 0);
    let kept = 0;
    let n = 0;
    while (kept < 0.9 * total) kept += candidates[n++].p;
    let left = Math.random() * kept;
    const drawn = candidates.find(({ p }) => {
      left -= p;
      return left < 0;
    });
    tokens.push(drawn?.w);
  }
  return tokens;
}

function medianOfJavaScript(rows, vocab) {
  const noise = () => Math.random() + Math.random() + Math.random() - 1.5;
  const common = Float32Array.from({ length: vocab }, () => 3.2 * noise());
  const logits = Float32Array.from({ length: rows * vocab }, (_, i) => common[i % vocab] + 1.4 * noise());
  const weights = Float64Array.from({ length: rows * rows }, (_, i) => {
    const [m, n] = [Math.floor(i / rows), i % rows];
    return m === n ? 0 : m >> 1 === n >> 1 ? 0.5 : 0.1 / (rows - 2);
  });
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    stepInJavaScript(logits, rows, vocab, weights);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[1];
}

build();
const lines = execFileSync(join(tree, "out/sampler"), [String(rounds)], { encoding: "utf8" })
  .trim()
  .split("\n");
const results = lines.map((line) => {
  const shape = JSON.parse(line);
  const javaScriptMs = medianOfJavaScript(shape.rows, shape.vocabulary);
  return { ...shape, javaScriptMs, javaScriptOverOurs: javaScriptMs / shape.oursMs };
});
mkdirSync(join(root, "bench/results"), { recursive: true });
const report = { date: new Date().toISOString(), cpu: cpus()[0]?.model, rounds, results };
writeFileSync(join(root, "bench/results/sampler.json"), `${JSON.stringify(report, undefined, 2)}\n`);
console.table(results);
