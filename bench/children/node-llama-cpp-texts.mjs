// node-llama-cpp completes prompts, as many at once as `rows` says, in a context of many sequences. See rounds.mjs; settings
// { library, model, threads, rows, rowTokens, tokens, topP, minP }.
import { pathToFileURL } from "node:url";
import { serve } from "./rounds.mjs";

await serve(async ({ library, version, model: modelPath, threads, rows, rowTokens, tokens, topP, minP }) => {
  const { getLlama, LlamaCompletion } = await import(pathToFileURL(library).href);
  const options = { gpu: false, build: "never", skipDownload: true, logLevel: "error", maxThreads: threads };
  const llama = await getLlama(options);
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
  const context = await model.createContext({
    sequences: rows,
    contextSize: rowTokens,
    batchSize: 512,
    threads: { ideal: threads, min: threads },
  });
  const endings = { eogToken: "eos", customStopTrigger: "stop", maxTokens: "length" };

  async function completeOne(sequence, prompt, seed) {
    const completion = new LlamaCompletion({ contextSequence: sequence, autoDisposeSequence: false });
    let drawn = 0;
    const { response, metadata } = await completion.generateCompletionWithMeta(prompt, {
      maxTokens: tokens,
      temperature: 1,
      topP,
      topK: 0,
      minP,
      seed,
      customStopTriggers: ["\n"],
      onToken: (some) => {
        drawn += some.length;
      },
    });
    completion.dispose();
    const ending = endings[metadata.stopReason] ?? "eos";
    return { text: response, tokens: drawn + (ending === "length" ? 0 : 1), ending };
  }

  return {
    name: `node-llama-cpp ${version}, ${rows} at once`,
    async complete(prompts, seed) {
      const tokenized = prompts.map((prompt) => model.tokenize(prompt, true));
      const texts = [];
      let next = 0;
      const sequences = Array.from({ length: Math.min(rows, prompts.length) }, () => context.getSequence());
      await Promise.all(
        sequences.map(async (sequence) => {
          while (next < prompts.length) {
            const i = next++;
            texts[i] = await completeOne(sequence, tokenized[i], seed + i);
          }
          sequence.dispose();
        }),
      );
      return { texts, promptTokens: tokenized.reduce((sum, prompt) => sum + prompt.length, 0) };
    },
    close: () => llama.dispose(),
  };
});
