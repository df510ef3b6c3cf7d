/**
 * Texts in which the assistant talks: it refuses, announces, asks back or speaks of itself, instead of writing what it
 * was asked for.
 */
import { beginnings, machine } from "./assistant-patterns.js";
import { fits, type Rule } from "./fits.js";
import type { RowFilter } from "./reasons.js";

/** Of what is nothing else. */
const wholes =
  /^(?:understood|sure(?: thing)?|certainly|of course|absolutely|okay|ok|got it|noted|no problem|yes|great)[.!]*$/;
/** Behind these a word of agreement is the beginning of an answer. */
const agreements = /^(?:understood|got it|noted)[.!,:] (?:i |here|please|let|the |what|could|can )/;
// Nothing that a person writes, wherever it stands.
const anywhere: readonly RegExp[] = [
  new RegExp(`\\bi, as an? (?:text-based )?${machine}\\b`),
  new RegExp(
    `(?<!\\s['"])\\bas an? (?:text-based )?${machine}(?: (?:developed|created|trained|made) by [^,.]{1,40})?(?:, ?(?:i|my|it|cannot|can't|do not|don't)\\b|,? i (?:do|don't|can|am|cannot|have)\\b| (?:i|and i) (?:cannot|can't|do not|don't)\\b)`,
  ),
  /\bas an? (?:helpful |ai |virtual )assistant, i\b/,
  /\b(?:i|we) hope this helps[.!]?(?: let me know\b| if you\b|$)/,
  /[.!?] please let me know if (?:there's|there is|you (?:need|have)) any(?:thing)? (?:else|other|more)\b/,
  /\bone (?:possible|such|good) (?:question|review|summary|message|headline|text) (?:could|would|might) be\b/,
  /\blet me know if you (?:need|have|would like|want) (?:any(?:thing)? (?:else|further|more|other)|(?:any )?further assistance|me to (?:change|write))/,
];
/**
 * A gap that was to be filled in: [Customer's Name], [insert movie title], [Date]. None are [REC], [1] and [director
 * peter].
 */
const gap =
  /\[(?:[Yy]our|[Ii]nsert|[Ee]nter) [^\]\n]{1,40}\]|\[(?:Customer|Client|Recipient|Sender|Bank|Company|Name|Date|Amount|Title|Topic|Insert|Address|Link)\b[^\]\n]{0,40}\]|\[[\p{L}'\u2019 ]{2,30} (?:[Nn]ame|[Nn]umber|[Tt]itle|[Dd]ate|[Aa]mount|[Aa]ddress|[Tt]ime|[Aa]ge)\]/u;

/** The beginning of a text that decides, in characters. */
const decisive = 400;

/**
 * Rejects "assistant": texts that begin as an instruction model refuses ("I'm sorry, but I can't write …"), announces
 * ("Sure, here is a summary:"), asks back ("Please provide the article"), offers help or speaks of itself; that do so
 * anywhere in words that nobody else uses ("as an AI language model, I"); or that leave gaps ("[Customer's Name]").
 * English only. Where more than 2 % of the seeds talk like that, it rejects nothing; gaps and the rest are looked at
 * apart.
 */
export function assistantFilter(seeds: ReadonlySet<string> = new Set()): RowFilter {
  const checks = assistantRules.filter(({ findsFault }) => fits(findsFault, seeds));
  return ({ text }) => (checks.some(({ findsFault }) => findsFault(text)) ? "assistant" : undefined);
}

/** Its rules, each of which may be left out. */
export const assistantRules: readonly Rule[] = [
  { name: "talk of an assistant", findsFault: talks },
  { name: "gaps such as [Name]", findsFault: (text) => gap.test(text) },
];

/** What may stand in front, of people as of models. */
const greeting =
  /^(?:(?:hello|hi|hey|greetings)(?: there)?[,.!]\s+(?!how\b))?(?:i hope (?:this|my|the) (?:message|email|letter) finds you well[.!]\s+)?(?:(?:please )?note that )?/;
const patterns = beginnings.map((pattern) => new RegExp(`^(?:${pattern})`));

function talks(text: string): boolean {
  const plain = text
    .toLowerCase()
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[ \t]+/g, " ");
  const beginning = plain
    .slice(0, decisive)
    .replace(/^[^\p{L}\p{N}[]+/u, "")
    .replace(greeting, "");
  if (isQuoted(text)) return anywhere[1]!.test(plain) && !/["\u201d]/u.test(plain.slice(1, -1));
  const isWhole = wholes.test(plain.replaceAll(/^[^\p{L}]+|["\u201d*]+$/gu, ""));
  return (
    isWhole ||
    agreements.test(beginning) ||
    patterns.some((pattern) => pattern.test(beginning)) ||
    anywhere.some((pattern) => pattern.test(plain))
  );
}

/** Whether the text begins with somebody else's words: "I can't do that," says the robot. */
function isQuoted(text: string): boolean {
  return /^["\u201c][^"\u201c\u201d]{1,200}["\u201d][,.]? ?[\p{L}]/u.test(text);
}
