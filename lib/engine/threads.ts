/** How many CPU threads decode when nobody says. */
import { processors } from "./processors.js";

/**
 * Threads of each of so many engines: together one for every core. JavaScript, which takes hardly any time, gets its turn
 * between them: a thread that waits for another one offers its processor (cmake/llama-changes.cmake). Hardware threads
 * share what a core computes with, so more of them than cores only wait for each other. Tokens do not depend on it.
 */
export function defaultThreads(engines = 1): number {
  return Math.max(1, Math.floor(processors().cores / engines));
}
