/** Several texts with their probabilities, as models write them when they are asked to (Zhang et al. 2025). */

/** A text of an answer. */
export interface Candidate {
  readonly text: string;
  /** As the answer has it, 0..1; percents by a hundred. */
  readonly probability: number;
}

/**
 * The texts of an answer that have a probability, in their order: as tags (`<text>…</text><probability>0.2</probability>`),
 * objects of JSON, whole or not, or items of a list, numbered, with bullets or a line each, with the probability in front,
 * behind or in a line of its own ("1. … (0.2)", "20 % - …", "… | 0.2", "Probability: 0.2"). Of several forms the first one.
 * @param isCut  whether the answer stopped at the token limit: then the last item counts only when it is whole.
 */
export function candidatesIn(answer: string, isCut = false): Candidate[] {
  for (const form of [inTags, inObjects, inItems]) {
    const found = form(answer).flatMap(({ text, stated, rest = "" }, i, all): Candidate[] => {
      const probability = probabilityOf(stated);
      const isHalf = isCut && i === all.length - 1 && rest !== "";
      return isHalf || probability === undefined || !/\p{L}/u.test(text) ? [] : [{ text, probability }];
    });
    if (found.length > 0) return found;
  }
  return [];
}

/** A text, and its probability as it is written. */
interface Stated {
  readonly text: string;
  readonly stated: string;
  /** What follows the probability of an item. */
  readonly rest?: string;
}

const named = "prob(?:ability)?|likelihood|p";

function inTags(answer: string): Stated[] {
  const tags = [...answer.matchAll(new RegExp(`<(text|${named})>([\\s\\S]*?)</\\1>`, "giu"))];
  const parts = tags.map(([, name, content]) => ({ isText: name!.toLowerCase() === "text", content: content!.trim() }));
  // in either order, two that stand beside each other
  const first = parts[0]?.isText;
  return parts.flatMap((part, i) => {
    const next = parts[i + 1];
    if (part.isText !== first || next === undefined || next.isText === first) return [];
    return [first ? { text: part.content, stated: next.content } : { text: next.content, stated: part.content }];
  });
}

const field = /(["'])([\w ]{1,40})\1\s*:\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'(?=\s*[,}])|(-?[\d.]+\s*%?))/gu;
const isProbability = new RegExp(`^(?:${named})$`, "iu");

function inObjects(answer: string): Stated[] {
  return [...answer.matchAll(/\{[^{}]*\}/gu)].flatMap(([object]) => {
    const fields = [...object.matchAll(field)].map(([, , name, double, single, bare]) => {
      return { name: name!, text: double ?? single, value: double ?? single ?? bare! };
    });
    const stated = fields.find(({ name }) => isProbability.test(name))?.value;
    const texts = fields.flatMap(({ name, text }) => (text === undefined || isProbability.test(name) ? [] : [text]));
    const text = texts.reduce((a, b) => (b.length > a.length ? b : a), "");
    return stated === undefined || text === "" ? [] : [{ text: unescaped(text).trim(), stated }];
  });
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text.replace(/\\'/gu, "'")}"`) as string;
  } catch {
    return text; // with line breaks, or escapes that JSON has not
  }
}

function inItems(answer: string): Stated[] {
  return itemsOf(answer).flatMap((item) => {
    const paragraphs = item.split(/\n\s*\n/u);
    // what follows the paragraph with the probability is talk
    for (let count = 1; count <= paragraphs.length; count++) {
      const found = probabilityIn(paragraphs.slice(0, count).join("\n\n").trim());
      if (found !== undefined) return [found];
    }
    return [];
  });
}

/** The items of a list without their numbers or bullets; lines where there is none. */
function itemsOf(answer: string): string[] {
  const numbered = [String.raw`(?:^|\n)[ \t]*`, String.raw`(?:^|\s)`].map((before) => afterNumbers(answer, before));
  const items = numbered.find(({ length }) => length > 1);
  if (items !== undefined) return items;
  const bullets = answer.split(/(?:^|\n)[ \t]*[-*•] /u).slice(1);
  if (bullets.length > 0) return bullets;
  if (numbered[0]!.length > 0) return numbered[0]!;
  // a line that is nothing but a probability belongs to the one before
  return answer.replace(new RegExp(`\\n\\s*(?=[*_([]*(?:${named})\\b[^\\n]{0,20}(?:\\n|$))`, "giu"), " ").split(/\n+/u);
}

// 1., (2), 3), "Text 4:", **5.**, each behind the one before
function afterNumbers(answer: string, before: string): string[] {
  const items: string[] = [];
  let rest = answer;
  for (let number = 1; ; number++) {
    const mark = new RegExp(`${before}[*#(]*(?:\\p{L}+ )?#?${number}[.):][):*]*\\s`, "u").exec(rest);
    if (mark === null) return number === 1 ? [] : [...items, rest];
    if (number > 1) items.push(rest.slice(0, mark.index));
    rest = rest.slice(mark.index + mark[0].length);
  }
}

const decimal = String.raw`[01]?\.\d+|\d{1,3}(?:\.\d+)?\s*%`;
/** Where a probability may stand in an item, the surest first. */
const places: readonly RegExp[] = [
  new RegExp(
    String.raw`[-–—|,;]?\s*(?:with (?:an? )?)?[([{]?[*_]*\b(?:${named})\b[*_.\s]*(?:is|of|[=:≈~])*[*_\s]*(\d{1,3}(?:\.\d+)?\s*%?|\.\d+)[*_]*[)\]}]?[.;,]?`,
    "iu",
  ),
  new RegExp(
    String.raw`[-–—|,;]?\s*(?:with (?:an? )?)?[([{]?(${decimal}|[01])\s+(?:probability|likelihood|chance)\b[)\]}]?[.;,]?`,
    "iu",
  ),
  new RegExp(String.raw`[-–—|,:;]?\s*[([{]\s*(${decimal}|[01])\s*[)\]}][.;,]?\s*$`, "u"),
  new RegExp(String.raw`(?:[-–—|,:;]\s*|\s)(${decimal})[.;,]?\s*$`, "u"),
  new RegExp(String.raw`^[([{]?\s*(${decimal})\s*[)\]}]?\s*[-–—|:]?\s+`, "u"),
];

function probabilityIn(item: string): Stated | undefined {
  for (const place of places) {
    const match = place.exec(item);
    if (match === null) continue;
    const [before, rest] = [item.slice(0, match.index), item.slice(match.index + match[0].length)];
    // behind it stands talk, or it stands in front
    const text = /\p{L}/u.test(before) ? before : rest;
    return { text: text.replace(/^\s*(?:text|response)\s*:\s*/iu, "").trim(), stated: match[1]!, rest: rest.trim() };
  }
  return undefined;
}

// Whole numbers above 1 are percents that lack their sign.
function probabilityOf(stated: string): number | undefined {
  const value = Number.parseFloat(stated);
  const share = stated.includes("%") || value > 1 ? value / 100 : value;
  const probability = Number(share.toPrecision(6));
  return probability >= 0 && probability <= 1 ? probability : undefined;
}
