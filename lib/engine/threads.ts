/** How many CPU threads decode when nobody says. */
import { processors } from "./processors.js";

/**
 * Threads of each of so many engines: together one for all processors but one, which is left to JavaScript: ggml's
 * threads wait for each other by spinning, so a single one that has to share its processor holds up all of them.
 */
export function defaultThreads(engines = 1): number {
  return Math.max(1, Math.floor((processors().count - 1) / engines));
}
