/** Texts that do not end where they should, and go on in the format of the prompt. */
import { joinAnswer } from "../prompt/prompt.js";
import type { ResolvedSpec } from "../task/spec.js";
import { parseTemplate } from "../task/template.js";
import { escapePattern } from "../text/pattern.js";
import { wordSpans } from "../text/segments.js";
import { fits, type Rule } from "./fits.js";
import type { RowFilter } from "./reasons.js";

/**
 * Whether a text has one of the signs; it comes with straight quotes, and its lines without white space around them.
 */
type Sign = (text: string) => boolean;

/**
 * Rejects "run-on": a text in which the prompt goes on, whatever the case of its letters and whatever quotation mark,
 * bullet or number stands in front:
 * - the beginning of the instruction, or the answer prefix, where a block may begin: at the start of the text or of a
 *   line, behind the end of a sentence; the prefix as the task writes it also behind any word;
 * - a whole instruction as rendered for any label, or six of its words in a row, anywhere;
 * - the separator with another block behind it;
 * - "Q:", "Answer:" and their like, the options of a multiple choice, a list of several texts, a colon at the end;
 * - a role or a control token of the chat template.
 * A sign that more than 2 % of the seeds have is left out, and so is one of a word or two that a text may have of its
 * own: what is shorter than three words (an instruction to stand anywhere: five) and does not end in a mark, as
 * "Summary:" does. Of an instruction with placeholders that differ from row to row, the text between them counts.
 * @param template  what the model's chat template adds to our texts; empty for raw prompts.
 */
export function runOnFilter(
  spec: Pick<ResolvedSpec, "labels" | "prompt">,
  template: readonly string[],
  seeds: ReadonlySet<string> = new Set(),
): RowFilter {
  const fitting = runOnRules(spec, template).filter(({ findsFault }) => fits(findsFault, seeds));
  return ({ text }) => (fitting.some(({ findsFault }) => findsFault(text)) ? "run-on" : undefined);
}

/** Its rules, each of which may be left out. */
export function runOnRules(spec: Pick<ResolvedSpec, "labels" | "prompt">, template: readonly string[]): Rule[] {
  const blocks = spec.labels.map(({ verbalization }) => blockOf(spec.prompt, verbalization));
  const all = (part: (block: Block) => readonly string[]) => [...new Set(blocks.flatMap(part))];
  const { instruction } = spec.prompt;
  const signs: [name: string, sign: Sign][] = [
    [
      "beginnings of the prompt",
      startsBlock([...all(({ beginning }) => beginning), ...all(({ prefix }) => prefix), ...rolesOf(template)]),
    ],
    [
      "blocks of the prompt",
      has([...all(({ stretches }) => stretches), ...all(({ separated }) => separated)].map(lower), lower),
    ],
    ["the answer prefix behind a word", has(all(({ prefix }) => prefix).flatMap(behindWord), (text) => text)],
    ["control tokens of the chat template", has(tokensOf(template), (text) => text)],
    [
      "words of the instruction",
      echoes(parts(instruction).flatMap((part) => ("literal" in part ? [part.literal] : []))),
    ],
    ["questions with answers", (text) => asked.test(text)],
    ["options of a multiple choice", (text) => options.test(text)],
    ["lists of texts", (text) => list.test(text)],
    ["colons at the end", (text) => /[:：]["*]*$/u.test(text)], // something was to follow
  ];
  let [last, itsPlain] = ["", ""]; // all rules look at one text after the other
  const plainly = (text: string) => {
    if (text !== last) [last, itsPlain] = [text, plain(text)];
    return itsPlain;
  };
  return signs.map(([name, sign]) => ({ name, findsFault: (text) => sign(plainly(text)) }));
}

/** What a block of the prompt is known by, as rendered for a label. */
interface Block {
  readonly beginning: readonly string[];
  readonly prefix: readonly string[];
  readonly stretches: readonly string[];
  readonly separated: readonly string[];
}

function blockOf({ instruction, answer, separator }: ResolvedSpec["prompt"], verbalization: string): Block {
  const stretches = rendered(instruction, verbalization);
  const prefix = rendered(answer, verbalization);
  const first = stretches[0] ?? "";
  const block = stretches.length === 1 && prefix.length === 1 ? joinAnswer(first, prefix[0]!) : first;
  return {
    beginning: words(first) >= 3 ? [beginning(first)] : [],
    prefix: prefix.length === 1 && isTelling(prefix[0]!) ? prefix : [],
    stretches: stretches.filter((stretch) => words(stretch) >= 5),
    separated: separator !== "" && isTelling(block) ? [plain(separator + block)] : [],
  };
}

// USER:, ### Response:
function rolesOf(template: readonly string[]): string[] {
  return template.flatMap((part) => /(?:^|\s)((?:#{1,6} ?)?\p{L}{2,20}:)\s*$/u.exec(part)?.[1] ?? []);
}

// <|im_start|>, [INST], </s>: nothing that a text has of its own
function tokensOf(template: readonly string[]): string[] {
  return template.flatMap((part) => part.match(/<[|｜/]?[\w｜▁ -]{1,40}[|｜]?>|\[\/?[A-Z_]{3,20}\]/g) ?? []);
}

/** One of the marks where a block may begin. */
function startsBlock(marks: readonly string[]): Sign {
  if (marks.length === 0) return () => false;
  const alternatives = marks.map((mark) => escapePattern(plain(mark))).join("|");
  const expression = new RegExp(`${start}(?:${alternatives})`, "iu");
  return (text) => expression.test(text);
}

/** The start of a text or a line, or the end of a sentence; then a quotation mark, a bullet or a number. */
const start = String.raw`(?:^|\n|[\p{Sentence_Terminal}:;|…)\]"'*][ \t]+|[。？！])(?:["'*#>_(-]|\d{1,2}[.)]|[ \t])*`;

function has(marks: readonly string[], form: (text: string) => string): Sign {
  return (text) => {
    const given = form(text);
    return marks.some((mark) => given.includes(mark));
  };
}

// "… and dull Review: it is": a capital and a colon behind a word are a prefix though no sentence ends
function behindWord(prefix: string): string[] {
  return /^\p{Lu}/u.test(prefix) && /[:：]$/u.test(prefix) ? [` ${prefix}`] : [];
}

/** Words in a row that a text does not share with an instruction by chance. */
const echo = 6;

function echoes(literals: readonly string[]): Sign {
  const runs = new Set(literals.flatMap((literal) => wordRuns(literal)));
  return (text) => runs.size > 0 && wordRuns(text).some((run) => runs.has(run));
}

function wordRuns(text: string): string[] {
  const all = wordSpans(text).map(({ word }) => word.toLowerCase());
  return all.slice(echo - 1).map((_, i) => all.slice(i, i + echo).join(" "));
}

/** Question and answer, as exams and data sets write them. */
const asked = new RegExp(
  `${start}(?:q(?:uestion)?|a|(?:the )?(?:correct )?answer|input|output|instructions?|prompt|response|user|assistant|human|options|choices|explanation|hint)(?: ?\\d{1,2})? ?[:：](?:[ \\t*\\n]|$)`,
  "iu",
);
/** "A) red B) blue", "(a) … (b) …" and, at the start of lines, "A. … B. …". */
const options =
  /\n\(?a\) |(?:^|[\s(])a\)[^\n]{1,200}?\s?[\s(]b\)\s|(?:^|\n)\(?a[.):][ \t][^\n]{1,200}\n+\(?b[.):][ \t]|\sA\. .{1,100}\sB\. .{1,100}\sC\. /isu;
/** "1. … 2. …". */
const list = /(?:^|\n)\(?1[.):]\s[\s\S]{1,1000}?[\s.?!]\(?2[.):](?:\s|$)|(?:^|\n)[-*•] [^\n]+\n+[-*•] /u;

/** Straight quotes, and no white space around lines. */
function plain(text: string): string {
  return text
    .replace(/[“”„«»]/gu, '"')
    .replace(/[‘’]/gu, "'")
    .replace(/[ \t\r]*\n[ \t\r\n]*/gu, "\n");
}

function lower(text: string): string {
  return plain(text).toLowerCase();
}

function parts(template: string) {
  return parseTemplate(template).segments;
}

/**
 * The stretches of a template between placeholders that differ from row to row, rendered for a label. One where there
 * are none.
 */
function rendered(template: string, verbalization: string): string[] {
  const stretches = [""];
  for (const segment of parts(template)) {
    const text = "literal" in segment ? segment.literal : segment.placeholder === "label" ? verbalization : undefined;
    if (text === undefined) stretches.push("");
    else stretches.push(stretches.pop()! + text);
  }
  return stretches.map((stretch) => stretch.trim());
}

/** Three words, or a mark at the end. */
function isTelling(text: string): boolean {
  return words(text) >= 3 || /\p{L}.*[^\p{L}\p{N}\s]$/u.test(text);
}

// White space parts words here, as it did in the prompt; in scripts without it a stretch of eight letters is three
// words.
function words(text: string): number {
  return wordSpans(text).length;
}

// Five words tell an instruction from other text, and a row that the token limit cut off in the middle of one has them.
function beginning(text: string): string {
  const last = wordSpans(text)[4];
  return last === undefined ? text.trim() : text.slice(0, last.start + last.word.length).trim();
}
