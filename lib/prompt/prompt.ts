/** From instruction, answer prefix and in-context examples to the text of a prompt (App. G). */
import type { Prompt } from "../engine/prompt.js";
import type { PromptSpec } from "../task/prompt-spec.js";
import { fillTemplate, parseTemplate, placeholders, type Segment } from "../task/template.js";
import type { ChatContents } from "./chat-frame.js";

/** Parsed texts of a prompt. */
export interface PromptTexts {
  readonly instruction: readonly Segment[];
  readonly answer: readonly Segment[];
  readonly system?: readonly Segment[];
  readonly separator: string;
}

/** Values of placeholders: `label`, `context` and the attributes. */
export type Values = ReadonlyMap<string, string>;

/** A seed with the values that its block needs. */
export interface Example {
  readonly text: string;
  readonly values: Values;
}

/** Parses the texts of a prompt; with `withoutContext`, those of the contrast rows of context-aware decoding. */
export function promptTexts(prompt: PromptSpec, withoutContext = false): PromptTexts {
  const instruction = (withoutContext ? prompt.withoutContext : undefined) ?? prompt.instruction;
  return {
    instruction: parseTemplate(instruction).segments,
    answer: parseTemplate(prompt.answer).segments,
    ...(prompt.system ? { system: parseTemplate(prompt.system).segments } : {}),
    separator: prompt.separator,
  };
}

/**
 * The texts of a negative prompt, which has no examples. A raw one is all that the model reads; in a chat it is what the
 * user says, and system message and the beginning of the assistant's turn stay.
 */
export function negativeTexts(prompt: PromptSpec, negative: string): PromptTexts {
  const instruction = parseTemplate(negative).segments;
  return prompt.format === "raw"
    ? { instruction, answer: [], separator: prompt.separator }
    : { ...promptTexts(prompt), instruction };
}

/** Names of the placeholders that an example's block needs values for. */
export function blockPlaceholders({ instruction, answer }: PromptTexts): Set<string> {
  return new Set([...placeholders(instruction), ...placeholders(answer)]);
}

/** One block "instruction answer example". */
export function renderBlock(texts: PromptTexts, { text, values }: Example): string {
  return beforeText(question(texts, values)) + text;
}

/**
 * The raw prompt: a block for each example, then instruction and answer prefix, joined by the separator. Spaces at its
 * end are dropped, since most vocabularies begin a word with its space; a line break there stays.
 */
export function renderRaw(texts: PromptTexts, examples: readonly Example[], values: Values): string {
  return joinBlocks(texts, examples, question(texts, values));
}

/**
 * The contents of a chat. The user asks without the final answer prefix, which begins the assistant's turn instead. Examples are
 * turns, in which the assistant gave the text behind the same prefix, or blocks in front of the question.
 */
export function renderChatContents(
  texts: PromptTexts,
  examples: readonly Example[],
  values: Values,
  asTurns: boolean,
): ChatContents {
  const ask = (of: Values) => fillTemplate(texts.instruction, of);
  const begin = (of: Values) => fillTemplate(texts.answer, of).trimStart();
  const turns = examples.flatMap((example) => [
    ask(example.values).trim(),
    beforeText(begin(example.values)) + example.text,
  ]);
  return [
    ...(texts.system === undefined ? [] : [fillTemplate(texts.system, values).trim()]),
    ...(asTurns ? turns : []),
    asTurns ? ask(values).trim() : joinBlocks(texts, examples, ask(values)).trim(),
    withoutFinalSpace(begin(values)),
  ];
}

function joinBlocks(texts: PromptTexts, examples: readonly Example[], last: string): string {
  const blocks = examples.map((example) => renderBlock(texts, example));
  return withoutFinalSpace([...blocks, last].join(texts.separator));
}

function question({ instruction, answer }: PromptTexts, values: Values): string {
  return joinAnswer(fillTemplate(instruction, values), fillTemplate(answer, values));
}

/**
 * Instruction and answer prefix: joined by one space, or directly when either is empty, when there is white space
 * between them already, or when the answer begins with closing punctuation (":" after "Definition of an animal").
 */
export function joinAnswer(instruction: string, answer: string): string {
  const direct =
    instruction === "" || /\s$/.test(instruction) || /^($|\s|[.,:;!?…%、。，：；！？\p{Pe}\p{Pf}])/u.test(answer);
  return direct ? instruction + answer : `${instruction} ${answer}`;
}

/** A text as it stands after a prompt: behind a space where one is needed, after the template's own text as it is. */
export function continuing(prompt: Prompt, text: string): string {
  const last = prompt.at(-1);
  return last === undefined || last.special ? text : beforeText(last.text).slice(last.text.length) + text;
}

// A space before the example, unless the text before it is empty or ends in white space or an opening bracket or quote.
function beforeText(text: string): string {
  return /(^|\s|\p{Ps}|\p{Pi}|(^|\s)["'])$/u.test(text) ? text : `${text} `;
}

// A loop and not a pattern: on a long run of spaces inside the text, / +$/ takes quadratic time.
function withoutFinalSpace(text: string): string {
  let end = text.length;
  while (text[end - 1] === " " || text[end - 1] === "\t") end--;
  return text.slice(0, end);
}
