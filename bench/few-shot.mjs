// Few-shot generation in this engine against what people would use for it.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fewgen, hybrid, loadTeacher } from "../dist/index.js";
import { accepted } from "./accepted.mjs";
import { root } from "./build.mjs";
import { begin, numbers } from "./harness.mjs";
import { buildLlamaServer, installNodeLlamaCpp, installPython, modelFolder, start } from "./peers.mjs";
import { median, ratios, spread, takeTurns } from "./statistics.mjs";
import { promptsOf, textsOf } from "./texts.mjs";

const bench = begin({
  name: "few-shot",
  title: "Few-shot generation against what people would use",
  text: `How many accepted rows a second does FewGen make, end to end without loading the model, beside transformers in
batches, vLLM for CPU, llama-server with parallel slots, node-llama-cpp and llama-cpp-python? Every contender completes the
same prompts, written by corrsynth from AG News with three shots, by the same rules: temperature 1, top-p 0.9, tokens less
likely than a thousandth of the best left out, up to a newline or 100 tokens. Accepted is what corrsynth's default filters
leave of the texts, by one function for all. Hybrid, the paper's method, has its own line, and so has FewGen with
promptReuse "auto", whose prompts share their first examples as branches of a tree.
Contenders take turns; each has other prompts in each round, so that none is remembered from an earlier one. llama.cpp's
contenders read the GGUF file, transformers and vLLM the same weights dequantised. Contenders are installed into
.cmake/bench on first use, from PyPI and npm; llama-server is compiled from the pinned llama.cpp as it is.`,
  goal: `FewGen at least 1.25 times the best of the others, 3 times with prompts as a tree; Hybrid at least 0.95 of FewGen`,
  rounds: 1,
  options: {
    seeds: {
      default: "",
      help: "JSON Lines file of AG News, label and text; needed, since it is no part of the repository",
    },
    model: { default: "qwen-0.5b", help: "a model that scripts/models/fetch.py gets: qwen-0.5b, smollm2" },
    format: { default: "raw", help: "of the prompts, raw or chat" },
    prompts: { default: "64", help: "prompts a round, a multiple of 8" },
    rows: { default: "32", help: "sequences at once, of contenders that are told how many" },
    tokens: { default: "100", help: "tokens of a text at most" },
    single: { default: "16", help: "prompts a round of contenders that complete one after the other" },
    dtype: { default: "bfloat16", help: "numbers of vLLM; transformers has float32" },
    contenders: {
      default: "transformers,vllm,llama-server,node-llama-cpp,llama-cpp-python",
      help: "others than corrsynth, separated by commas; vllm-tree and llama-server-tree have FewGen's tree of prompts",
    },
  },
});
const { values, threads } = bench;
const [count] = numbers("prompts", values.prompts);
const [rows] = numbers("rows", values.rows);
const [tokens] = numbers("tokens", values.tokens);
const [single] = numbers("single", values.single);
if (values.seeds === "" || !existsSync(values.seeds) || count % 8 !== 0) {
  console.error('Expected "--seeds" to name a file of AG News (label and text), and "--prompts" a multiple of 8');
  process.exit(2);
}

const model = bench.model(values.model);
const teacher = await loadTeacher(model);
const task = {
  labels: { business: "business", sports: "sports", sci_tech: "science and technology", world: "world" },
  prompt: {
    format: values.format,
    instruction: "Write a summary for a news article about {label}.",
    answer: "Summary:",
    shots: 3,
  },
  seeds: resolve(values.seeds),
  method: fewgen(),
  count,
  sampling: { maxTokens: tokens, stop: ["\n"] },
  engine: { threads },
};
const own = {
  "corrsynth, FewGen": task,
  'corrsynth, FewGen, promptReuse "auto"': { ...task, engine: { threads, promptReuse: "auto" } },
  "corrsynth, Hybrid": { ...task, method: hybrid() },
};
const [fewgenName, treeName, hybridName] = Object.keys(own);
const seeded = (name, round) => ({ ...own[name], sampling: { ...task.sampling, seed: 7 + round } });
const sets = { plain: [], tree: [] };
for (let round = 0; round < bench.rounds; round++) {
  sets.plain.push(await promptsOf(teacher, seeded(fewgenName, round)));
  sets.tree.push(await promptsOf(teacher, seeded(treeName, round)));
}
const rowTokens = Math.ceil((Math.max(...sets.plain.map(({ longest }) => longest)) + tokens + 1) / 64) * 64;
const common = { model, threads, rows, rowTokens, tokens, topP: 0.9, minP: 1e-3 };

const peers = {
  transformers: () => {
    const settings = { ...common, folder: modelFolder(model), dtype: "float32" };
    return { most: rows, running: start("transformers_texts.py", installPython("transformers"), settings) };
  },
  vllm: () => {
    const settings = { ...common, folder: modelFolder(model), dtype: values.dtype };
    return { running: start("vllm_texts.py", installPython("vllm"), settings) };
  },
  "llama-server": () => {
    const settings = { ...common, program: buildLlamaServer() };
    return { running: start("llama-server-texts.mjs", process.execPath, settings) };
  },
  "node-llama-cpp": () => {
    const settings = { ...common, ...installNodeLlamaCpp() };
    return { running: start("node-llama-cpp-texts.mjs", process.execPath, settings) };
  },
  "llama-cpp-python": () => {
    return { most: single, running: start("llama_cpp_texts.py", installPython("llama-cpp-python"), common) };
  },
};

const started = new Map(); // by name, since two contenders may ask the same process
const contenders = {};
const loadSeconds = {};
const missing = [];
for (const asked of values.contenders.split(",").filter((name) => name !== "")) {
  const name = asked.replace(/-tree$/, "");
  if (!(name in peers)) throw new Error(`Unknown contender "${asked}", expected ${Object.keys(peers).join(", ")}`);
  try {
    if (!started.has(name)) {
      const { most, running } = peers[name]();
      started.set(name, { most, ...(await running) });
    }
    const peer = started.get(name);
    const isTree = asked !== name;
    const title = `${peer.name}${isTree ? ", prompts as a tree" : ""}`;
    loadSeconds[title] = peer.loadSeconds;
    contenders[title] = async (round) => {
      const set = sets[isTree ? "tree" : "plain"][round];
      const prompts = set.prompts.slice(0, peer.most);
      const answer = await peer.complete(
        prompts.map(({ text }) => text),
        1000 * (round + 1),
      );
      answer.texts.forEach((text, i) => {
        text.label = prompts[i].label;
      });
      return figuresOf(set, prompts.length, answer);
    };
  } catch (error) {
    missing.push(`${name}: ${error.message.split("\n")[0].replaceAll(`${root}/`, "")}`);
    console.error(`Left out, ${missing.at(-1)}`);
  }
}
for (const name of Object.keys(own)) {
  contenders[name] = async (round) => {
    const answer = await textsOf(teacher, seeded(name, round));
    return figuresOf(sets.plain[round], count, answer);
  };
}

// Of one round: what became of so many prompts. An empty text may be missing.
function figuresOf(task, prompts, { seconds, promptTokens, texts, generatedTokens = tokensOf(texts) }) {
  const judged = accepted(task, texts);
  return {
    prompts,
    seconds,
    promptTokens,
    generatedTokens,
    accepted: judged.accepted,
    rejected: judged.rejected,
    acceptedPerSecond: judged.accepted / seconds,
    rowsPerSecond: prompts / seconds,
    tokensPerSecond: generatedTokens / seconds,
    texts: texts.slice(0, 4).map(({ text }) => text), // for a reader to see that they are texts
  };
}

const figures = await takeTurns(bench.rounds, contenders);
for (const peer of started.values()) await peer.close();
await teacher.close();

const ofFewgen = figures[fewgenName];
const ofOthers = Object.entries(figures).filter(([name]) => !(name in own) && !name.endsWith("as a tree"));
const best = [...ofOthers].sort(([, a], [, b]) => median(b.acceptedPerSecond) - median(a.acceptedPerSecond))[0];
const table = Object.entries(figures).map(([name, figure]) => ({
  contender: name,
  "accepted rows/s": spread(figure.acceptedPerSecond, 2),
  "FewGen over it": figure === ofFewgen ? "" : spread(ratios(ofFewgen.acceptedPerSecond, figure.acceptedPerSecond), 2),
  "rows/s": spread(figure.rowsPerSecond, 2),
  "tokens/s": spread(figure.tokensPerSecond),
  "prompts a round": median(figure.prompts),
  accepted: `${((100 * sum(figure.accepted)) / sum(figure.prompts)).toFixed(0)} %`,
  "tokens a prompt": (sum(figure.promptTokens) / sum(figure.prompts)).toFixed(0),
  "tokens a text": (sum(figure.generatedTokens) / sum(figure.prompts)).toFixed(1),
  "loading, s": loadSeconds[name]?.toFixed(1) ?? "",
}));
const tables = [{ caption: caption(), rows: table }];
if (best) {
  const over = (name, below) => spread(ratios(figures[name].acceptedPerSecond, below.acceptedPerSecond), 2);
  const goals = [
    { ratio: `FewGen over ${best[0]}`, goal: "1.25", measured: over(fewgenName, best[1]) },
    { ratio: `FewGen with a tree over ${best[0]}`, goal: "3", measured: over(treeName, best[1]) },
    { ratio: "Hybrid over FewGen", goal: "0.95", measured: over(hybridName, ofFewgen) },
  ];
  tables.push({ caption: "Accepted rows/s, against the best of the others.", rows: goals });
}
bench.finish(tables, { loadSeconds, missing, contenders: figures });

function tokensOf(texts) {
  return sum(texts.map((text) => text.tokens));
}

function sum(numbers) {
  return numbers.reduce((all, number) => all + number, 0);
}

function caption() {
  const seed = "Medians over the rounds, in brackets the least and the most";
  const out = missing.length === 0 ? "" : ` Left out: ${missing.join("; ")}.`;
  return `${seed}; ${values.format} prompts. transformers completes one batch a round, llama-cpp-python ${single} prompts.${out}`;
}
