// From the names of classes in a file to phrases that a model reads.
import { verbalizationOf } from "../io.js";

const opinions: Readonly<Record<string, string>> = { pos: "positive", neg: "negative", neu: "neutral" };

/**
 * A phrase for each name, all different: its words, `pos` and `neg` as opinions, and grades up to 5 as stars. A name
 * whose phrase another has already stays as it is.
 */
export function verbalize(names: readonly string[]): readonly (readonly [name: string, phrase: string])[] {
  const areStars = names.length > 2 && names.every((name) => /^[0-5]$/.test(name));
  const taken = new Set<string>();
  return names.map((name) => {
    const stars = name === "1" ? "1 star" : `${name} stars`;
    const words = areStars ? stars : (opinions[name.toLowerCase()] ?? verbalizationOf(name));
    const phrase = taken.has(words) ? name : words;
    taken.add(phrase);
    return [name, phrase] as const;
  });
}
