// What people's texts are, as far as an instruction has to say it: a question, a review, a headline, an article, …
import { tokenize } from "../evaluate/index.js";

/** A kind of text, as an instruction asks for it. */
export interface SeedKind {
  /** With {label}. */
  readonly instruction: string;
  /** What the answer begins with in raw text. */
  readonly answer: string;
}

const share = (texts: readonly string[], isOne: (text: string) => boolean) =>
  texts.length === 0 ? 0 : texts.filter(isOne).length / texts.length;

/** The middle and the 99th percentile of numbers. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

const questionWord =
  /^(who|whom|whose|what|which|when|where|why|how|is|are|can|could|do|does|did|will|would|should)\b/i;
const isQuestion = (text: string) => /\?["')\]]*$/.test(text.trim()) || questionWord.test(text.trim());
const isOpinion = /^(pos|neg|positive|negative|neutral|good|bad|[1-5]( stars?)?|(one|two|three|four|five) stars?)$/i;
/** What reviews are of, and words that tell. */
const subjects: readonly (readonly [subject: string, words: RegExp])[] = [
  ["movie", /\b(movies?|films?|cinema|screenplay|plot|acting|actors?|comedy|director|watch(ed|ing)?)\b/i],
  ["book", /\b(books?|novels?|chapters?|author|read(er|ing)?)\b/i],
  ["hotel", /\b(hotels?|rooms?|stayed|check-?in|lobby|breakfast)\b/i],
  ["restaurant", /\b(restaurants?|food|meals?|dish(es)?|waiters?|waitress|menu|tasty|delicious)\b/i],
  ["product", /\b(products?|bought|purchased?|quality|works|refund|shipping)\b/i],
];
const isReview = (text: string) =>
  /\b(service|recommend)\b/i.test(text) || subjects.some(([, words]) => words.test(text));
const isFirstPerson = /\b(i|i'm|i've|my|me|we|our)\b/i;
const sentences = (text: string) => text.match(/[.!?。！？]+(?=\s|$|["')\]])/g)?.length ?? 0;

/**
 * The kind of most of the texts. The labels tell reviews from other opinions.
 * @param named  what one of the texts is, where somebody said it: "tweet", "review of a film".
 */
export function kindOf(texts: readonly string[], labels: readonly string[], named?: string): SeedKind {
  const words = texts.map((text) => tokenize(text).filter((token) => /[\p{L}\p{N}]/u.test(token)).length);
  const median = percentile(words, 0.5);
  const opinions = labels.length > 0 && labels.every((label) => isOpinion.test(label));
  const length = lengthOf(texts, median);
  if (named !== undefined) {
    const wanted = opinions ? `a {label} ${named}` : `${article(named)} ${named} about {label}`;
    return { instruction: `Write ${wanted}${length}. Only the ${named}.`, answer: `${capital(named)}:` };
  }
  if (opinions && (share(texts, isReview) > 0.2 || median > 25)) {
    return { instruction: `Write a {label} ${subjectOf(texts)}review${length}. Only the review.`, answer: "Review:" };
  }
  if (share(texts, isQuestion) > 0.6) {
    const instruction = `Write one ${median <= 15 ? "short " : ""}question about {label}. Only the question.`;
    return {
      instruction: opinions ? instruction.replace(" about {label}", " that is {label}") : instruction,
      answer: "Question:",
    };
  }
  const about = opinions ? " that is {label}" : " about {label}";
  if (median > 150) return { instruction: `Write an article${about}${length}. Only the article.`, answer: "Article:" };
  if (share(texts, (text) => isFirstPerson.test(text)) > 0.6) {
    return { instruction: `Write a message${about}${length}. Only the message.`, answer: "Message:" };
  }
  if (median <= 14 && share(texts, (text) => !/[.!?]$/.test(text.trim())) > 0.8) {
    return { instruction: `Write one headline${about}. Only the headline.`, answer: "Headline:" };
  }
  return { instruction: `Write a text${about}${length}. Only the text.`, answer: "Text:" };
}

const article = (noun: string) => (/^[aeiou]/i.test(noun) ? "an" : "a");
const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

// "movie " where a tenth of the texts speak of one, and twice as many as of anything else; else nothing.
function subjectOf(texts: readonly string[]): string {
  const shares = subjects.map(([subject, words]) => ({ subject, share: share(texts, (text) => words.test(text)) }));
  const [first, second] = shares.sort((a, b) => b.share - a.share);
  return first!.share >= 0.1 && first!.share >= 2 * second!.share ? `${first!.subject} ` : "";
}

// ", of one sentence" and the like; nothing where the middle says little.
function lengthOf(texts: readonly string[], medianWords: number): string {
  const median = Math.max(1, percentile(texts.map(sentences), 0.5));
  if (medianWords > 150) return `, of about ${Math.round(medianWords / 50) * 50} words`;
  if (median === 1) return medianWords < 12 ? ", of one short sentence" : ", of one sentence";
  return `, of ${median <= 4 ? ["two", "three", "four"][median - 2] : median} sentences`;
}
