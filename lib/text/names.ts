// Names that people write in more than one file: labels, attributes, columns. They are compared in one form.

/** A name without white space around it, in Unicode NFC: "é" is one name, whether it was typed as one sign or as two. */
export function nameOf(text: string): string {
  return text.trim().normalize("NFC");
}

/**
 * The name of a label as a task, seeds, and gold may give it: a text, a number, or true or false, which stand for the
 * names "true" and "false". Undefined for what is none: an empty text, null, a list.
 */
export function labelName(value: unknown): string | undefined {
  if (typeof value === "string") return nameOf(value) || undefined;
  const isPlain = typeof value === "boolean" || typeof value === "bigint" || Number.isFinite(value);
  return isPlain ? String(value) : undefined;
}

/**
 * The words of a name, as a prompt says them: underscores, hyphens, dots and camelCase become spaces, capitals small
 * letters except in abbreviations. `card_arrival` is "card arrival", `NaturalPlace` "natural place", `ATMSupport` "ATM
 * support". A name without letters and digits stays as it is.
 * @example
 * import { verbalizationOf } from "corrsynth/io";
 * console.log(verbalizationOf("card_arrival")); // card arrival
 */
export function verbalizationOf(name: string): string {
  const words = name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2") // cardArrival
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2") // ATMSupport
    .replace(/[_\-.\\|:;,]+/g, " ")
    .replace(/[?!\s]+$/, "")
    .split(/\s+/)
    .filter((word) => word !== "");
  const isShouted = words.length > 1 && !words.some((word) => /\p{Ll}/u.test(word));
  const said = words.map((word) => (/^\p{Lu}{2,4}$/u.test(word) && !isShouted ? word : word.toLowerCase()));
  return said.join(" ") || name;
}
