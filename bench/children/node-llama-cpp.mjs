// node-llama-cpp completes all prompts at once, in a process of its own. Reads one JSON object from standard input:
// { library, model, prompts, threads, tokens, topK, minP }; prints { seconds, decodeSeconds, … }:
// decodeSeconds begin when every sequence has its first token, and decodedTokens came after that.
// The library's documented way of batching: a context of many sequences, a completion on each, all awaited together.
import { pathToFileURL } from "node:url";

const input = await new Response(process.stdin).text();
const { library, model: modelPath, prompts, threads, tokens, topK, minP } = JSON.parse(input);
const { getLlama, LlamaCompletion } = await import(pathToFileURL(library).href);
const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  logLevel: "error",
  maxThreads: threads,
});
const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
const tokenized = prompts.map((prompt) => model.tokenize(prompt));

const start = performance.now();
const context = await model.createContext({
  sequences: prompts.length,
  contextSize: 256,
  batchSize: 512,
  threads: { ideal: threads, min: threads },
});
let generatedTokens = 0;
let decodedFrom; // time and count at which all prompts were in
const begun = new Set();
await Promise.all(
  tokenized.map((prompt, i) => {
    const completion = new LlamaCompletion({ contextSequence: context.getSequence() });
    return completion.generateCompletion(prompt, {
      maxTokens: tokens,
      temperature: 1,
      topP: 0.9,
      topK,
      minP,
      seed: i + 1,
      onToken: (drawn) => {
        generatedTokens += drawn.length;
        begun.add(i);
        if (begun.size === prompts.length) decodedFrom ??= [performance.now(), generatedTokens];
      },
    });
  }),
);
const end = performance.now();
console.log(
  JSON.stringify({
    seconds: (end - start) / 1000,
    generatedTokens,
    decodeSeconds: (end - decodedFrom[0]) / 1000,
    decodedTokens: generatedTokens - decodedFrom[1],
    promptTokens: tokenized.reduce((sum, prompt) => sum + prompt.length, 0),
    threads: context.currentThreads,
    binary: `${llama.buildType}, llama.cpp ${llama.llamaCppRelease.release}`,
  }),
);
await llama.dispose();
