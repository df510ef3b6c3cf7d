/** Whether a teacher writes the same over and over, as far as a few rows show it. */
import { distinctN } from "../evaluate/distinct-n.js";
import { selfBleu } from "../evaluate/self-bleu.js";
import { tokenize } from "../evaluate/tokenize.js";

/** Texts of a figure: it depends on their number, so it is the same for every task and format. */
export const collapseRows = 16;

/** How much a few texts repeat each other. Compare it with that of as many texts, and no others. */
export interface Collapse {
  /** Texts that were compared: 16, or fewer where there are not as many with text. */
  readonly texts: number;
  /** Self-BLEU-5, 0..1: the higher, the more alike; null of fewer than two texts. */
  readonly selfBleu: number | null;
  /** Share of distinct word pairs, 0..1: the lower, the more is said again; null where no text has two words. */
  readonly distinct2: number | null;
}

/** @param texts  of which 16 are taken, from everywhere among those that are not blank. */
export function collapseOf(texts: readonly string[]): Collapse {
  const written = texts.filter((text) => text.trim() !== "");
  const count = Math.min(collapseRows, written.length);
  const taken = Array.from({ length: count }, (_, i) => written[Math.floor((i * written.length) / count)]!);
  const tokens = taken.map(tokenize);
  return { texts: count, selfBleu: selfBleu(tokens).score, distinct2: distinctN(tokens, 2) };
}
