// Words and sentences by Unicode's rules (UAX 29), as Node's ICU has them. The locale is fixed: the machine's own must
// not decide.

const words = new Intl.Segmenter("en", { granularity: "word" });
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** The words of a text and where they stand, in UTF-16 units; punctuation is none. */
export function wordSpans(text: string): { readonly word: string; readonly start: number }[] {
  const spans: { word: string; start: number }[] = [];
  for (const { segment, index, isWordLike } of words.segment(text)) {
    if (isWordLike) spans.push({ word: segment, start: index });
  }
  return spans;
}

/** Words of a text: "it's" is one, punctuation none; a dictionary finds them in scripts without spaces. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWordLike } of words.segment(text)) if (isWordLike) count++;
  return count;
}

// A mark that ends a sentence, and the quotes and brackets that close behind it.
const sentenceEnd = /[\p{Sentence_Terminal}…]["'\p{Pe}\p{Pf}]*$/u;

// After these and after a single initial, English goes on with the sentence. (So does a sentence that ends in "etc.":
// it is kept.)
const abbreviation =
  /(?:^|[^\p{L}\p{N}])(?:\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Sgt|Rev|Hon|Sen|Rep|Gov|No|vs|e\.g|i\.e|cf|approx)\.$/iu;

// The number of a list's next item is no sentence.
const listNumber = /(?:^|\n)\s*\(?\d{1,3}[.)]$/u;

/** The text up to the end of its last whole sentence, without white space at the end; "" where no sentence is whole. */
export function wholeSentences(text: string): string {
  const ends = [...sentences.segment(text)].map(({ index, segment }) => index + segment.length);
  for (const end of ends.reverse()) {
    const kept = text.slice(0, end).trimEnd();
    const last = kept.slice(-mostClosing);
    if (sentenceEnd.test(last) && !abbreviation.test(last) && !listNumber.test(last)) return kept;
  }
  return "";
}

// Characters at the end that decide; a text of a million closing brackets is looked at as fast as any.
const mostClosing = 32;
