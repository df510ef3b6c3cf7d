import { expect, test } from "vitest";
import { hasHtml, withoutHtml } from "../../../lib/text/html.js";
import { labelName, nameOf, verbalizationOf } from "../../../lib/text/names.js";

//     text                                              without HTML
const table: [text: string, clean: string][] = [
  ["a <b>bold</b> move", "a bold move"],
  ["one<br/>two<br>three", "one two three"],
  ["<p>First.</p><p>Second.</p>", "First. Second."],
  ['<a href="http://x.y/?a=1&b=2">link</a> here', "link here"],
  ["fish &amp; chips &#163;5 &mdash; &#x41;", "fish & chips £5 — A"],
  ["said &lt;b&gt;so&lt;/b&gt;", "said so"], // escaped once
  ["&amp;lt;b&amp;gt;twice", "twice"], // and twice
  ["Wall St. #39;s bears, #36;5", "Wall St. 's bears, $5"], // as AG News has it
  ["<script>alert(1)</script>text<!-- note -->", "text"],
  ["<DIV CLASS='x'>upper</DIV>", "upper"],
];
test.each(table)("%s", (text, clean) => {
  expect([hasHtml(text), withoutHtml(text)]).toEqual([true, clean]);
  expect(hasHtml(clean)).toBe(false);
});

const plain = [
  "x < y and y > z",
  "<name> is missing",
  "AT&T; and R&D",
  "a & b",
  "issue #123; fixed",
  "C#; F#",
  "if (a<b) c>d",
  "  two  spaces ",
  "List<String> items",
];
test.each(plain)("%s has none and stays", (text) => {
  expect([hasHtml(text), withoutHtml(text)]).toEqual([false, text.trim()]);
});

test("a long text of brackets takes a moment, and no minutes", () => {
  for (const text of [
    "<".repeat(1e5),
    "<a ".repeat(5e4),
    "<!--".repeat(5e4),
    "&#".repeat(1e5),
    "<script>".repeat(2e4),
  ]) {
    expect(withoutHtml(text).length).toBeLessThanOrEqual(text.length); // quadratic time would end by the test's limit
  }
});

test("names are compared in one form, and said in words", () => {
  expect(nameOf(" Cafe\u0301\n")).toBe("Caf\u00e9");
  expect([true, 1, -0.5, 10n, " a "].map(labelName)).toEqual(["true", "1", "-0.5", "10", "a"]);
  expect([null, undefined, "", "  ", Number.NaN, [], {}].map(labelName)).toEqual(Array(7).fill(undefined));
  const said = [
    "card_arrival",
    "NaturalPlace",
    "Sci/Tech",
    "ABBR",
    "_",
    "Refund_not_showing_up",
    "life-style",
    "ATMSupport",
    "LOAN_DEFAULT",
    "reverted_card_payment?",
  ].map(verbalizationOf);
  expect(said).toEqual([
    "card arrival",
    "natural place",
    "sci/tech",
    "ABBR",
    "_",
    "refund not showing up",
    "life style",
    "ATM support",
    "loan default",
    "reverted card payment",
  ]);
});
