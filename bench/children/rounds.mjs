// How a contender in JavaScript talks to bench/few-shot.mjs: as rounds.py says it.
import { createInterface } from "node:readline";

/**
 * @param load  settings -> { name, complete, close }; complete(prompts, seed) -> { texts, promptTokens }
 */
export async function serve(load) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const since = (start) => (performance.now() - start) / 1000;
  const settings = JSON.parse((await lines.next()).value);
  const begun = performance.now();
  const { name, complete, close } = await load(settings);
  say({ name, loadSeconds: since(begun) });
  for await (const line of lines) {
    const { prompts, seed } = JSON.parse(line);
    const started = performance.now();
    const answer = await complete(prompts, seed);
    say({ seconds: since(started), ...answer });
  }
  await close();
}
