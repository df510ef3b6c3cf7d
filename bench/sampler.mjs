// What drawing one step costs by rows and vocabulary, against the other ways to do it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build, tree } from "./build.mjs";
import { begin } from "./harness.mjs";
import { median } from "./statistics.mjs";

const bench = begin({
  name: "sampler",
  title: "Drawing one step",
  text: `How long does one step's draw take by rows and vocabulary? Hybrid, plausibility 1e-3 unless it says otherwise, one
thread, logits swept out of the cache first. Beside it: llama.cpp's own chain for each row (top-p and dist, no contrast
at all), the plain contrast over the whole vocabulary before that chain, and the same step in JavaScript on logits
copied out.`,
  goal: "llama.cpp's chain at least 10 times as long as ours, JavaScript at least 50 times",
  rounds: 9,
  threads: 1,
});

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
  return median(times);
}

build();
const lines = execFileSync(join(tree, "out/sampler"), [String(bench.rounds)], { encoding: "utf8" })
  .trim()
  .split("\n");
const figures = lines.map((line) => {
  const shape = JSON.parse(line);
  return { ...shape, javaScriptMs: medianOfJavaScript(shape.rows, shape.vocabulary) };
});
const ms = (time) => time.toFixed(2);
const times = (time, { oursMs }) => (time / oursMs).toFixed(1);
bench.finish(
  [
    {
      caption: "Milliseconds a step, medians; the last three columns over ours.",
      rows: figures.map((figure) => ({
        rows: figure.rows,
        vocabulary: figure.vocabulary,
        ours: ms(figure.oursMs),
        "ours, α = 0": ms(figure.oursAlpha0Ms),
        "llama.cpp chain": ms(figure.chainMs),
        "plain contrast": ms(figure.plainMs),
        JavaScript: ms(figure.javaScriptMs),
        "chain / ours": times(figure.chainMs, figure),
        "plain / ours": times(figure.plainMs, figure),
        "JavaScript / ours": times(figure.javaScriptMs, figure),
      })),
    },
  ],
  figures,
);
