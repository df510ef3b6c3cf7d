/** Texts in which an instruction model refuses, or announces, instead of writing what it was asked for. */
import type { RowFilter } from "./reasons.js";

const notAble = "(?:can't|can ?not|won't|(?:am|'m) (?:unable|not able) to|am not programmed to)";
const request =
  "(?:summary|headline|question|review|definition|paragraph|sentence|article|text|example|version|rewrite|answer|list|tweet|post|message|description|story)s?";
const ofRequests =
  "(?:assist (?:you )?with|comply|fulfill?|do that|help (?:you )?with (?:that|this|your)|" +
  "(?:generate|provide|produce|create|complete|write|answer|continue|discuss|engage in) " +
  `(?:[^.]{0,60} )?(?:that|this|such|content|${request}))`;

// Each is anchored at the start of the text, in lower case with straight apostrophes, and of bounded length: a text
// costs the same however it was made up. They are narrow on purpose: "I'm sorry, but I hated this film" is a review.
const patterns: readonly RegExp[] = [
  new RegExp(
    `^(?:(?:i'm|i am) (?:very |really |so )?sorry|sorry|i apologi[sz]e|my apologies|unfortunately),? (?:but )?(?:as an ai[^.]{0,40}, ?)?i ?${notAble} ${ofRequests}\\b`,
  ),
  new RegExp(
    `^i ${notAble} (?:fulfill?|comply with|assist with|help with|complete|generate|provide) (?:that|this|your|the) (?:request|prompt|task)\\b`,
  ),
  /^(?:i'm sorry, but )?as an? (?:ai|artificial intelligence|large language model|language model)(?: (?:language )?model| assistant| chatbot)?(?: (?:developed|created|trained) by [^,.]{1,40})?, ?(?:i|my|it)\b/,
  /^(?:i'm|i am) (?:just |only )?an? (?:ai|artificial intelligence|large language model|ai language model|ai assistant)(?: (?:language )?model| assistant)?[,.]? (?:and|so|but|i|created|developed|trained|designed)\b/,
  // "Sure, here is a summary:", "Here are two headlines for you:"; up to a colon, so that a sentence is none
  new RegExp(
    `^(?:(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great)[,.!:]? )?here(?:'s| is| are) (?:a|an|the|your|one|some|two|three|[0-9]+)\\b[^\\n.:]{0,80}\\b${request}\\b[^\\n.:]{0,120}:`,
  ),
  /^(?:sure(?: thing)?|certainly|of course|absolutely)[,.!:]? (?:i(?:'d| would) be (?:happy|glad) to (?:help|assist|write|create|generate)|i can (?:help|assist) (?:you )?with)\b/,
];

/** The beginning of a text that decides, in characters. */
const decisive = 400;

/** Rejects "refusal". English only. */
export const refusalFilter: RowFilter = ({ text }) => {
  const beginning = text
    .slice(0, decisive)
    .toLowerCase()
    .replaceAll("\u2019", "'")
    .replaceAll(/[ \t]+/g, " ");
  return patterns.some((pattern) => pattern.test(beginning)) ? "refusal" : undefined;
};
