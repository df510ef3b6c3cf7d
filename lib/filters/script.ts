/** Texts that change into another script, as multilingual models do in the middle of a sentence. */
import { allValues } from "../task/attributes.js";
import type { ResolvedSpec } from "../task/spec.js";
import { scriptRuns } from "../text/scripts.js";
import { wordSpans } from "../text/segments.js";
import type { RowFilter } from "./reasons.js";

/** A script with less of the reference's letters than this is foreign to the task. */
const leastShare = 0.01;
/** Foreign letters in a row that are a word: one alone is a symbol (α, µ, π) or a face (ツ). */
const leastInARow = 2;
/** Foreign letters of a text that are more than symbols, though none stands beside another. */
const leastInAll = 4;
/** Latin words in a row that are a sentence. */
const leastLatinWords = 4;

/**
 * Rejects "script": two foreign letters in a row, or four in all. Foreign is a script with less than 1 % of the letters
 * of the reference. Latin stands in texts of every script (brands, units, abbreviations), so of that it takes four
 * words in a row, or more than half of all words.
 * @param reference  the seeds; where there are none, {@link promptTexts}. Without a letter in it the rule rejects
 *   nothing.
 * @param also  scripts that are never foreign.
 */
export function scriptFilter(reference: Iterable<string>, also: readonly string[] = []): RowFilter {
  const own = scriptsOf(reference);
  if (own.size === 0) return () => undefined;
  for (const script of also) own.add(script);
  const knowsLatin = own.has("Latin");
  return ({ text }) => {
    const foreign = scriptRuns(text).filter(({ script }) => script !== "Latin" && !own.has(script));
    const letters = foreign.reduce((sum, run) => sum + run.letters, 0);
    const isForeign = letters >= leastInAll || foreign.some((run) => run.letters >= leastInARow);
    return isForeign || (!knowsLatin && isLatin(text)) ? "script" : undefined;
  };
}

/** Scripts that at least 1 % of the letters are of. Japanese has three, of which a short text may lack one. */
function scriptsOf(texts: Iterable<string>): Set<string> {
  const counts = new Map<string, number>();
  let all = 0;
  for (const text of texts) {
    for (const { script, letters } of scriptRuns(text)) {
      counts.set(script, (counts.get(script) ?? 0) + letters);
      all += letters;
    }
  }
  const own = new Set([...counts].filter(([, letters]) => letters >= leastShare * all).map(([script]) => script));
  const japanese = ["Hiragana", "Katakana"];
  if (japanese.some((script) => own.has(script))) for (const script of [...japanese, "Han"]) own.add(script);
  return own;
}

function isLatin(text: string): boolean {
  let [latin, inARow, longest, words] = [0, 0, 0, 0];
  for (const { word } of wordSpans(text)) {
    const script = scriptRuns(word)[0]?.script;
    if (script === undefined) continue; // a number
    words++;
    inARow = script === "Latin" ? inARow + 1 : 0;
    if (script === "Latin") latin++;
    longest = Math.max(longest, inARow);
  }
  return longest >= leastLatinWords || latin > words / 2;
}

/** What a task without seeds says of its texts: all that its prompts hold. */
export function promptTexts({
  labels,
  prompt,
  attributes,
}: Pick<ResolvedSpec, "labels" | "prompt" | "attributes">): string[] {
  return [
    ...labels.map(({ verbalization }) => verbalization),
    prompt.instruction,
    prompt.answer,
    prompt.system ?? "",
    ...allValues(attributes),
  ];
}

// "Write a headline in Russian": an English instruction may ask for any script, by the name of a language that is
// written in it.
const languages: Readonly<Record<string, string>> = {
  Cyrillic: "russian|ukrainian|belarusian|bulgarian|serbian|macedonian|kazakh|kyrgyz|mongolian|tajik|cyrillic",
  Arabic: "arabic|persian|farsi|dari|urdu|pashto|kurdish|uyghur|sindhi",
  Devanagari: "hindi|marathi|nepali|sanskrit|konkani|devanagari",
  Han: "chinese|mandarin|cantonese|japanese",
  Hiragana: "japanese",
  Katakana: "japanese",
  Hangul: "korean",
  Greek: "greek",
  Hebrew: "hebrew|yiddish",
  Armenian: "armenian",
  Georgian: "georgian",
  Ethiopic: "amharic|tigrinya",
  Bengali: "bengali|bangla|assamese",
  Gurmukhi: "punjabi",
  Gujarati: "gujarati",
  Oriya: "odia|oriya",
  Tamil: "tamil",
  Telugu: "telugu",
  Kannada: "kannada",
  Malayalam: "malayalam",
  Sinhala: "sinhala|sinhalese",
  Thai: "thai",
  Lao: "lao",
  Khmer: "khmer",
  Myanmar: "burmese",
  Tibetan: "tibetan",
};

/** Scripts of the languages that texts name in English. */
export function namedScripts(texts: readonly string[]): string[] {
  const all = texts.join("\n");
  const isNamed = (names: string) => new RegExp(`\\b(?:${names})\\b`, "i").test(all);
  return Object.entries(languages).flatMap(([script, names]) => (isNamed(names) ? [script] : []));
}
