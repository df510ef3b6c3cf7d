// llama-server with parallel slots completes prompts, which it is all asked at once. See rounds.mjs; settings { program,
// model, threads, rows, rowTokens, tokens, topP, minP }.
import { spawn } from "node:child_process";
import { request } from "node:http";
import { createServer } from "node:net";
import { serve } from "./rounds.mjs";

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Not fetch, which gives up when an answer takes five minutes.
function ask(port, path, body) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method: body ? "POST" : "GET", agent: false };
    const asked = request({ ...options, headers: { "content-type": "application/json" } }, async (answer) => {
      let text = "";
      for await (const part of answer.setEncoding("utf8")) text += part;
      if (answer.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`llama-server says ${answer.statusCode}: ${text}`));
    });
    asked.on("error", reject).end(body && JSON.stringify(body));
  });
}

await serve(async ({ program, model, threads, rows, rowTokens, tokens, topP, minP }) => {
  const port = await freePort();
  const of = ["-m", model, "-t", threads, "-tb", threads, "-np", rows, "-c", rows * rowTokens];
  const args = [...of, "--host", "127.0.0.1", "--port", port, "--threads-http", "8", "--offline"].map(String);
  const server = spawn(program, args, { stdio: ["ignore", 2, 2] });
  let exit;
  server.on("exit", (code, signal) => {
    exit = code ?? signal;
  });
  process.on("exit", () => server.kill());
  for (;;) {
    if (exit !== undefined) throw new Error(`llama-server ended: ${exit}`);
    const isUp = await ask(port, "/health").catch(() => undefined);
    if (isUp) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const endings = { eos: "eos", word: "stop", limit: "length" };
  const sampling = { temperature: 1, top_p: topP, top_k: 0, min_p: minP, samplers: ["top_p", "min_p", "temperature"] };
  return {
    name: `llama-server of the pinned llama.cpp, ${rows} slots`,
    async complete(prompts, seed) {
      const options = { ...sampling, n_predict: tokens, stop: ["\n"] };
      const answers = await Promise.all(
        prompts.map((prompt, i) => ask(port, "/completion", { prompt, seed: seed + i, ...options })),
      );
      const texts = answers.map(({ content, tokens_predicted, stop_type }) => {
        return { text: content, tokens: tokens_predicted, ending: endings[stop_type] };
      });
      return { texts, promptTokens: answers.reduce((sum, { tokens_evaluated }) => sum + tokens_evaluated, 0) };
    },
    close: () => server.kill(),
  };
});
