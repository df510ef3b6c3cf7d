/** Texts that say the same again and again, as small models do under contrast. */
import { loopShare, repetitionOf } from "../text/repetition.js";
import type { Rule } from "./fits.js";
import type { RowFilter } from "./reasons.js";

// The recipe of MassiveText (Rae et al. 2021, "Scaling Language Models: … Training Gopher", table A1): most of a text's
// characters that may be in its top 2-, 3- and 4-gram, and in duplicate 5- to 10-grams. It was made for documents; our
// texts may have six words, of which a pair that stands twice is half ("what is the largest city of the largest
// country"). So a top n-gram counts when it stands three times: of 13,900 texts of four public sets that leaves 11
// rejected instead of 112. What a long text must say three times, a short one says at once and is over ("YOU KNOW
// WHAT?! YOU KNOW WHAT?!"): seven tenths of it in a row are too much.
const mostTop = [0.2, 0.18, 0.16];
const mostDuplicate = [0.15, 0.14, 0.13, 0.12, 0.11, 0.1];
const leastTimes = 3;
const mostInARow = 0.7;
/** Of characters in loops that are no words ("aidaidaidaid"); as for the top 2-gram. */
const mostLoops = 0.2;

/**
 * Whether a text repeats itself. Any language: words are Unicode's, found by a dictionary in scripts without spaces.
 */
export function repeatsItself(text: string): boolean {
  if (loopShare(text) > mostLoops) return true;
  const { top, duplicate, inARow } = repetitionOf(text, leastTimes);
  return (
    inARow > mostInARow ||
    top.some((share, i) => share > mostTop[i]!) ||
    duplicate.some((share, i) => share > mostDuplicate[i]!)
  );
}

/** It may be left out. */
export const repetitionRule: Rule = { name: "repetitions", findsFault: repeatsItself };

/** Rejects "repetition". */
export const repetitionFilter: RowFilter = ({ text }) => (repeatsItself(text) ? "repetition" : undefined);
