// HTML in texts that were taken from web pages: tags, comments and entities.
import { decodeHTML } from "entities";

// Elements that are written in running text. Anything else in angle brackets may be meant as it is: "<name> is missing".
const elements =
  "a|abbr|article|aside|b|big|blockquote|body|br|button|center|cite|code|dd|del|div|dl|dt|em|embed|figcaption|figure|" +
  "font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav|ol|option|p|pre|q|" +
  "s|script|section|select|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|time|title|tr|tt|u|ul|video|wbr";
const tag = new RegExp(`</?(${elements})(\\s[^<>]*)?/?>`, "gi");
// What is never shown, from its beginning to its end.
const hidden: readonly (readonly [open: RegExp, close: RegExp])[] = [
  [/<!--/g, /-->/g],
  [/<script(\s[^<>]*)?>/gi, /<\/script\s*>/gi],
  [/<style(\s[^<>]*)?>/gi, /<\/style\s*>/gi],
];
const block =
  /^<\/?(article|aside|blockquote|br|center|d[dlt]|div|figure|footer|form|h[1-6r]|header|li|main|nav|[ou]l|p|pre|section|t[dhr]|table)\b/i;
const entity = /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/gi;
// Some corpora have lost the ampersand of numbered ones: "said #39;enough#39;".
const bareEntity = /(?<![&\w])#(3[4689]|60|62|14[5-9]|15[01]|160);/g;

/** Whether a text has tags, comments or entities of HTML. */
export function hasHtml(text: string): boolean {
  const patterns = [tag, hidden[0]![0], entity, bareEntity];
  return patterns.some((pattern) => text.search(pattern) >= 0) && withoutHtml(text) !== text.trim();
}

/**
 * The text without HTML: comments, scripts and tags taken off, a space where one ends a line or a cell, entities as the
 * characters that they stand for. What was escaped twice ("&amp;lt;b&amp;gt;") goes as well. Angle brackets around
 * anything but an element stay. White space is one space, and none at the ends; a text without HTML stays as it is but
 * for its ends.
 */
export function withoutHtml(text: string): string {
  let found = text;
  for (let round = 0; round < 3; round++) {
    const before = found;
    found = hidden
      .reduce((shown, [open, close]) => withoutSpans(shown, open, close), found)
      .replace(tag, (one) => (block.test(one) ? " " : ""))
      .replace(bareEntity, "&#$1;")
      .replace(entity, (one) => decodeHTML(one));
    if (found === before) break;
  }
  return found === text ? text.trim() : found.replace(/\s+/g, " ").trim();
}

// With a space in place of each. Where one has no end, none behind it has: a pattern for both would look again and again.
function withoutSpans(text: string, open: RegExp, close: RegExp): string {
  let shown = "";
  for (let at = 0; ; at = close.lastIndex) {
    open.lastIndex = at;
    const begins = open.exec(text);
    if (begins === null) return shown + text.slice(at);
    close.lastIndex = open.lastIndex;
    if (close.exec(text) === null) return shown + text.slice(at);
    shown += `${text.slice(at, begins.index)} `;
  }
}
