/** What stands around a text and is none of it: quotation marks, bold, a bullet, a heading. */
import type { ResolvedSpec } from "../task/spec.js";
import { escapePattern } from "../text/pattern.js";
import { fits } from "./fits.js";

/** Takes one kind of wrapping off; the text itself where it has none. */
type Peel = (text: string) => string;

/**
 * A function that takes off what the whole text is wrapped in, in whatever order it comes: quotation marks, also where
 * one of them is missing; bold and italic; a bullet, a number or a Markdown heading in front of a text that is no list;
 * and a heading such as "Summary:", "**Positive review:**" or the label's name. Wrappings inside a text stay, and so do
 * those that more than 2 % of the seeds have. A text that is nothing but wrapping stays as it is.
 */
export function cleaner(spec: Pick<ResolvedSpec, "labels" | "prompt">, seeds: ReadonlySet<string>): Peel {
  const all: readonly Peel[] = [withoutQuotes, withoutEmphasis, withoutBullet, withoutHeading(spec)];
  const peels = all.filter((peel) => fits((text) => peel(text) !== text, seeds));
  return (given) => {
    let text = given;
    for (let before = ""; before !== text; ) {
      before = text;
      for (const peel of peels) text = peel(text).trim() || text;
    }
    return text;
  };
}

/** Opening and closing marks, as languages pair them. */
const quotes: readonly (readonly [open: string, close: string])[] = [
  ...([
    ['"', '"'],
    ["“", "”"],
    ["„", "“"],
    ["„", "”"],
    ["”", "”"],
    ["“", '"'],
    ['"', "”"],
    ["‘", "’"],
    ["«", "»"],
    ["»", "«"],
    ["‹", "›"],
  ] as const),
  ...([
    ["「", "」"],
    ["『", "』"],
    ["《", "》"],
    ["``", "''"],
    ["'", "'"],
    ["`", "`"],
  ] as const),
];

/**
 * Where one of these is missing, it was lost to the end of the text or to the prompt. An apostrophe is no quotation
 * mark.
 */
const alone = /^["“„«「『]|["”»」』]$/u;

function withoutQuotes(text: string): string {
  for (const [open, close] of quotes) {
    // a full stop may stand behind: "I liked it".
    const match = /^([\s\S]*?)([.!?,;。！？，；।؟،]?)$/.exec(text)!;
    const [inner, mark] = match[1]!.endsWith(close) ? [match[1]!, match[2]!] : [text, ""];
    if (inner.length <= open.length + close.length || !inner.startsWith(open) || !inner.endsWith(close)) continue;
    const content = inner.slice(open.length, -close.length);
    const quotesInside =
      open === "'" ? /(?:^|[^\p{L}])'|'(?:[^\p{L}]|$)/u.test(content) : [open, close].some((q) => content.includes(q));
    if (!quotesInside) return /[.!?…。！？।؟]$/u.test(content) ? content : content + mark;
  }
  const marks = text.match(/["“”„«»「」『』]/gu) ?? [];
  return marks.length === 1 ? text.replace(alone, "") : text;
}

function withoutEmphasis(text: string): string {
  const match = /^(\*{1,3}|_{1,3})(?=\S)([\s\S]*?\S)\1$/u.exec(text);
  if (match !== null && !match[2]!.includes(match[1]!)) return match[2]!;
  // the token limit cut the end off
  const opened = /^(\*\*|__)(?=\S)([\s\S]+)$/u.exec(text);
  return opened !== null && !opened[2]!.includes(opened[1]!) ? opened[2]! : text;
}

function withoutBullet(text: string): string {
  const match = /^(?:#{1,6}|>|[-*+•‣▪·]|\(?\d{1,2}[.)]|\(?[a-dA-D]\))\s+(?=\S)/u.exec(text);
  if (match === null) return text;
  const rest = text.slice(match[0].length);
  return /\n\s*(?:#{1,6}|[-*+•‣▪·]|\(?\d{1,2}[.)])\s/u.test(rest) ? text : rest;
}

/** What a text may be called in front of it, whatever the task. */
const anyTask = ["text", "output", "response", "result", "example", "completion"];
const kinds = new Set(
  (
    "summary headline question review message article sentence paragraph tweet post comment title definition description story " +
    "abstract caption query email complaint request statement news quote feedback dialogue utterance sample"
  ).split(" "),
);

/**
 * Takes a heading off: the name or verbalization of a label, or up to three words and the kind of text that the task
 * asks for, then perhaps what it is about; behind it a colon, or the end of a line in bold.
 */
function withoutHeading({ labels, prompt }: Pick<ResolvedSpec, "labels" | "prompt">): Peel {
  const asked = `${prompt.instruction} ${prompt.answer}`.toLowerCase().match(/\p{L}+/gu) ?? [];
  const own = asked.filter((word) => kinds.has(word));
  const answer = prompt.answer.includes("{") ? [] : [prompt.answer.replace(/[\s:：]+$/u, "").trim()];
  const names = [...labels.flatMap(({ name, verbalization }) => [name, verbalization]), ...answer].filter((name) =>
    /\p{L}/u.test(name),
  );
  const name = names.map((text) => escapePattern(text)).join("|");
  const short = own.includes("question") ? ["q"] : [];
  const kind = [...new Set([...own, ...short, ...anyTask])].join("|");
  const phrase = `(?:${name === "" ? "" : `(?:${name})|`}(?:[\\p{L}-]+ ){0,3}(?:${kind})(?: \\d{1,2})?(?: (?:of|for|about|on) [^:.!?\\n]{1,60})?)`;
  const heading = new RegExp(
    `^(?:#{1,6} )?(?:[*_]{0,3}${phrase} ?(?:[:：]\\s*[*_]{0,3}|[*_]{1,3}[:：])|[*_]{2,3}${phrase}[*_]{2,3}\\s*\\n)\\s*(?=\\S)`,
    "iu",
  );
  return (text) => text.replace(heading, "");
}
