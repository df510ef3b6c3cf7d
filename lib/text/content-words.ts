// The words of a text that say what it is about, whatever its language.
import stopword from "stopword";
import { normalise } from "./normalise.js";
import { isUnspaced, wordsIn } from "./words.js";

/** Letters that a content word has at least; in a script without spaces, characters. */
const [leastLetters, leastUnspaced] = [4, 2];
/** Characters that it has at most: what is longer is an address or a slip. */
const mostLetters = 20;

/** The function words of all languages together, since nobody says which one a text is in. */
let functionWords: ReadonlySet<string> | undefined;

function isFunctionWord(word: string): boolean {
  functionWords ??= new Set(
    Object.values(stopword).flatMap((list) => (Array.isArray(list) ? (list as string[]).map(normalise) : [])),
  );
  return functionWords.has(word);
}

/**
 * The content words of a text, in lower case, each once, in their order: words of four to twenty letters, in scripts
 * without spaces of two characters or more, that are no function word of any of 62 languages. Numbers are none.
 */
export function contentWords(text: string): string[] {
  return [...new Set(wordsIn(normalise(text)))].filter((word) => {
    if (!/^[\p{L}\p{M}]+$/u.test(word) || word.length > mostLetters) return false;
    return word.length >= (isUnspaced(word) ? leastUnspaced : leastLetters) && !isFunctionWord(word);
  });
}

/** Whether a text has a word, in any case, or one that begins with it, such as its plural. */
export function usesWord(text: string, word: string): boolean {
  const normal = normalise(text);
  const wanted = normalise(word);
  // a dictionary may part the word within a longer text
  return isUnspaced(wanted) ? normal.includes(wanted) : wordsIn(normal).some((other) => other.startsWith(wanted));
}
