// Words and sentences by Unicode's rules (UAX 29), as Node's ICU has them. The locale is fixed: the machine's own must
// not decide.

const words = new Intl.Segmenter("en", { granularity: "word" });
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/**
 * The words of a text and where they stand, in UTF-16 units; punctuation is none.
 * @param most  words after which the text is not read on; default all.
 */
export function wordSpans(
  text: string,
  most = Number.POSITIVE_INFINITY,
): { readonly word: string; readonly start: number }[] {
  const spans: { word: string; start: number }[] = [];
  for (const { segment, start, isWord } of pieces(text)) {
    if (isWord && spans.push({ word: segment, start }) >= most) break;
  }
  return spans;
}

/** The text in pieces: words, and punctuation marks and spaces between them. */
export function segmentsOf(text: string): string[] {
  return Array.from(pieces(text), ({ segment }) => segment);
}

/** Words of a text: "it's" is one, punctuation none; a dictionary finds them in scripts without spaces. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWord } of pieces(text)) if (isWord) count++;
  return count;
}

// For each segment the engine walks through all of the text again, so a long one is read in parts that a word does not
// cross: they end behind white space or a mark that no word holds.
const partLength = 256;
const longestPart = 1024;
const partEnd = /[\s。，、！？；：…।॥؟،۔។။]/u;

function* pieces(text: string): Generator<{ segment: string; start: number; isWord: boolean }> {
  for (let from = 0; from < text.length; ) {
    const to = endOfPart(text, from);
    for (const { segment, index, isWordLike } of words.segment(text.slice(from, to))) {
      yield { segment, start: from + index, isWord: isWordLike === true };
    }
    from = to;
  }
}

function endOfPart(text: string, from: number): number {
  const most = Math.min(text.length, from + longestPart);
  for (let at = from + partLength; at < most; at++) if (partEnd.test(text[at - 1]!)) return at;
  const isPair = /[\ud800-\udbff]/.test(text.charAt(most - 1));
  return most < text.length && isPair ? most - 1 : most;
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
