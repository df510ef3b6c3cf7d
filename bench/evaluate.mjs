// How long an evaluation takes, and how long it keeps a program's event loop from anything else.
import { resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { root } from "./build.mjs";
import { begin, numbers } from "./harness.mjs";
import { spread, takeTurns } from "./statistics.mjs";

const bench = begin({
  name: "evaluate",
  title: "Evaluating beside other work",
  text: `How long does \`evaluate\` take, and for how long at most does the program's event loop stand still meanwhile? As many
gold rows as rows, texts of 20 to 60 words with Zipf's frequencies, every metric but entities, and vectors of 256 numbers that
cost next to nothing. The delay is that of a timer of one millisecond.`,
  goal: "the longest delay at most 75 ms",
  rounds: 3,
  threads: 1,
  options: {
    rows: { default: "6000", help: "rows, and as many of gold" },
    than: { default: "", help: "folder of another built copy of the package, to take turns with" },
  },
});
const [count] = numbers("rows", bench.values.rows);

// Counts of pairs of characters.
const embedder = {
  name: "pairs of characters",
  embed: async (texts) =>
    texts.map((text) => {
      const vector = new Float32Array(256);
      for (let i = 1; i < text.length; i++) vector[(31 * text.charCodeAt(i - 1) + text.charCodeAt(i)) % 256]++;
      return vector;
    }),
};

const rows = corpus(count, 1);
const gold = corpus(count, 2);
const folders = { here: root, ...(bench.values.than === "" ? {} : { there: resolve(bench.values.than) }) };
const contenders = {};
for (const [name, folder] of Object.entries(folders)) {
  const { evaluate } = await import(pathToFileURL(resolve(folder, "dist/evaluate/index.js")).href);
  contenders[name] = () => measured(() => evaluate(rows, { gold, seeds: texts(rows, 50), embedder }));
}
const figures = await takeTurns(bench.rounds, contenders);
const table = Object.entries(figures).map(([copy, { seconds, longestMs, p99Ms, busy }]) => ({
  package: copy,
  rows: count,
  seconds: spread(seconds),
  "longest delay, ms": spread(longestMs),
  "99 % of delays up to, ms": spread(p99Ms),
  "event loop busy, %": spread(busy),
}));
bench.finish([{ caption: "Medians over the rounds, in brackets the least and the most.", rows: table }], figures);

async function measured(work) {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const from = performance.eventLoopUtilization();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const busy = 100 * performance.eventLoopUtilization(from).utilization;
  delays.disable();
  return { seconds, longestMs: delays.max / 1e6, p99Ms: delays.percentile(99) / 1e6, busy };
}

// Every label has words of its own among those that all share, so that a student has something to learn.
function corpus(rows, seed) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: rows }, (_, r) => {
    const label = `label ${r % 4}`;
    const words = Array.from({ length: 20 + Math.floor(40 * random()) }, () => {
      const word = Math.floor(5000 ** random()); // Zipf: each power of ten as often as the others
      return random() < 0.1 ? `${word}of${r % 4}` : `w${word}`;
    });
    return { text: `${words.join(" ")}.`, label };
  });
}

function texts(rows, count) {
  return rows.slice(0, count).map(({ text }) => text);
}
