// The table of tasks run through the public API.
import { median, spread } from "./statistics.mjs";

/** @param figures  task -> figure -> values, from takeTurns over runTask */
export function taskRows(figures) {
  return Object.entries(figures).map(([task, figure]) => ({
    task,
    "instances/s": spread(figure.instancesPerSecond, 2),
    "prompt tokens": median(figure.promptTokens),
    "of them decoded": median(figure.prefilledTokens),
    "forward passes": median(figure.decodedTokens),
    "prefill s": median(figure.prefillSeconds).toFixed(2),
    "decode s": median(figure.decodeSeconds).toFixed(2),
    "sampler s": median(figure.samplerSeconds).toFixed(2),
  }));
}
