// Which scripts a text is written in.

/** Scripts that a letter is looked up in, by Unicode's names: those that living languages are written in. */
const names = [
  ...[
    "Latin",
    "Cyrillic",
    "Greek",
    "Armenian",
    "Georgian",
    "Hebrew",
    "Arabic",
    "Syriac",
    "Thaana",
    "Nko",
    "Ethiopic",
    "Tifinagh",
  ],
  ...["Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala"],
  ...[
    "Thai",
    "Lao",
    "Tibetan",
    "Myanmar",
    "Khmer",
    "Mongolian",
    "Javanese",
    "Balinese",
    "Cherokee",
    "Canadian_Aboriginal",
  ],
  ...["Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Yi"],
];

// One expression for all, Latin first: a match names its script by the group that took part. Common and Inherited are
// in none.
const letter = new RegExp(`(?:${names.map((name) => `([\\p{sc=${name}}]+)`).join("|")})`, "gu");
const isLetters = /\p{L}/u;

/** A run of letters and marks of one script, as it stands in a text. */
export interface ScriptRun {
  readonly script: string;
  readonly letters: number;
}

/** The runs of a text's letters, in order. Digits, punctuation and emoji have no script of their own and end a run. */
export function scriptRuns(text: string): ScriptRun[] {
  const runs: ScriptRun[] = [];
  for (const match of text.matchAll(letter)) {
    const script = names[match.findIndex((group, i) => i > 0 && group !== undefined) - 1]!;
    const letters = [...match[0]].filter((character) => isLetters.test(character)).length;
    if (letters > 0) runs.push({ script, letters });
  }
  return runs;
}
