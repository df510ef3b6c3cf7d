// How often a text holds the words of its own label: a student learns the word, and fails where real texts lack it.
import { isLight } from "../near/content.js";
import type { LabelledText } from "../students/student.js";
import { normalise } from "../text/normalise.js";
import { isUnspaced, wordsIn } from "../text/words.js";
import type { LabelWordFigures } from "./evaluation.js";
import { missing, type OrMissing } from "./or-missing.js";

/** A label and what prompts call it. */
export interface NamedLabel {
  readonly name: string;
  readonly verbalization: string;
}

/** English words that relate others, and so say nothing of a label by themselves. */
const relating = new Set("about at by for from in into no not on or to what where which who with without".split(" "));

/**
 * The words of each label that tell it from the others: those of its verbalization without articles, prepositions and
 * the like, and without the words of another label's.
 * @example
 * import { tellingWords } from "corrsynth/evaluate";
 * const labels = [{ name: "0", verbalization: "a sports article" }, { name: "1", verbalization: "an article on business" }];
 * console.log(tellingWords(labels).get("0")); // [ 'sports' ]
 */
export function tellingWords(labels: readonly NamedLabel[]): Map<string, string[]> {
  const all = new Map(labels.map(({ name, verbalization }) => [name, new Set(wordsOfLabel(normalise(verbalization)))]));
  const labelsWith = new Map<string, number>();
  for (const words of all.values()) for (const word of words) labelsWith.set(word, (labelsWith.get(word) ?? 0) + 1);
  return new Map(
    [...all].map(([name, words]) => [
      name,
      [...words].filter((word) => !isLight(word) && !relating.has(word) && labelsWith.get(word) === 1),
    ]),
  );
}

// A dictionary that does not know a short name parts it into characters, of which each stands in many words.
function wordsOfLabel(name: string): string[] {
  const words = wordsIn(name);
  const known = words.filter((word) => !isUnspaced(word) || word.length > 1);
  return known.length === 0 && words.length > 0 ? [words.join("")] : known;
}

/**
 * In how many rows a word of their label stands, singular or plural, in any case: a student that learns the word alone
 * knows these, and no others. Labels without words of their own are left out.
 * @param beside  rows to compare with, and what they are; without, `beside` is null.
 * @example
 * import { labelWords } from "corrsynth/evaluate";
 * const labels = ["sports", "business"].map((name) => ({ name, verbalization: name }));
 * const found = labelWords([{ text: "I love sports.", label: "sports" }, { text: "Oil rose", label: "business" }], labels);
 * console.log(found.value?.share); // 0.5
 */
export function labelWords(
  rows: readonly LabelledText[],
  labels: readonly NamedLabel[],
  beside?: { readonly of: "gold" | "seeds"; readonly rows: readonly LabelledText[] },
): OrMissing<LabelWordFigures> {
  const words = tellingWords(labels);
  const own = shares(rows, words);
  if (own.n === 0) return missing("no label that has rows has words of its own");
  const other = beside && shares(beside.rows, words);
  const named = [...own.byLabel].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    value: {
      ...{ n: own.n, share: own.share },
      beside: beside && other && other.n > 0 ? { of: beside.of, n: other.n, share: other.share } : null,
      labels: named.map(([label, { n, found }]) => {
        const known = other?.byLabel.get(label);
        return { label, words: words.get(label)!, n, share: found / n, beside: known ? known.found / known.n : null };
      }),
    },
  };
}

function shares(rows: readonly LabelledText[], words: ReadonlyMap<string, readonly string[]>) {
  const byLabel = new Map<string, { n: number; found: number }>();
  let [n, found] = [0, 0];
  for (const { text, label } of rows) {
    const own = words.get(label) ?? [];
    if (own.length === 0) continue;
    const counts = byLabel.get(label) ?? { n: 0, found: 0 };
    byLabel.set(label, counts);
    const isFound = holds(normalise(text), own) ? 1 : 0;
    counts.n++;
    n++;
    counts.found += isFound;
    found += isFound;
  }
  return { n, share: found / n, byLabel };
}

// A dictionary may part a label's name within a longer text, so where there are no spaces the letters decide.
function holds(text: string, words: readonly string[]): boolean {
  const all = new Set(wordsIn(text));
  return words.some((word) => (isUnspaced(word) ? text.includes(word) : formsOf(word).some((form) => all.has(form))));
}

// "animal" and "animals", "box" and "boxes", whichever is the label's
function formsOf(word: string): string[] {
  return [
    word,
    `${word}s`,
    `${word}es`,
    ...(word.length > 3 ? [word.replace(/e?s$/u, ""), word.replace(/s$/u, "")] : []),
  ];
}
