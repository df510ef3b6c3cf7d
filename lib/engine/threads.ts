/** How many CPU threads decode when nobody says. */
import { availableParallelism } from "node:os";

/**
 * Threads of each of so many engines: together all cores but one, which is left to JavaScript: ggml's threads wait for
 * each other by spinning, so a single one that has to share its core holds up all of them.
 */
export function defaultThreads(engines = 1): number {
  return Math.max(1, Math.floor((availableParallelism() - 1) / engines));
}
