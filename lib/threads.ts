/** How many CPU threads decode when nobody says. */
import { availableParallelism } from "node:os";

/**
 * All cores but one, which is left to JavaScript: ggml's threads wait for each other by spinning, so a single one that has
 * to share its core holds up all of them.
 */
export function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}
