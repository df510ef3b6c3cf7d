// From the names of classes in a file to phrases that a model reads.

const opinions: Readonly<Record<string, string>> = { pos: "positive", neg: "negative", neu: "neutral" };

/**
 * A phrase for each name, all different: camelCase, underscores, hyphens, slashes and dots become words, capitals
 * small ones except in abbreviations, `pos` and `neg` opinions, and grades from 1 to 5 stars. A name whose phrase
 * another has already stays as it is.
 */
export function verbalize(names: readonly string[]): readonly (readonly [name: string, phrase: string])[] {
  const areStars = names.length > 2 && names.every((name) => /^[0-5]$/.test(name));
  const taken = new Set<string>();
  return names.map((name) => {
    const words = areStars ? stars(name) : (opinions[name.toLowerCase()] ?? wordsOf(name));
    const phrase = words === "" || taken.has(words) ? name : words;
    taken.add(phrase);
    return [name, phrase] as const;
  });
}

function stars(name: string): string {
  return name === "1" ? "1 star" : `${name} stars`;
}

function wordsOf(name: string): string {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2") // cardArrival
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2") // HTTPServer
    .replace(/[_\-./\\|:;,]+/g, " ")
    .replace(/[?!]+$/, "")
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word, _, all) => (isAbbreviation(word, all) ? word : word.toLowerCase()))
    .join(" ");
}

// Of a name in capitals alone nothing is known.
function isAbbreviation(word: string, all: readonly string[]): boolean {
  return /^\p{Lu}{2,4}$/u.test(word) && (all.length === 1 || all.some((other) => /\p{Ll}/u.test(other)));
}
