/** The field `prompt` of a task: what the teacher reads, with its placeholders. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { part, record } from "../checks/shapes.js";
import type { Method } from "../methods/schema.js";
import { parseTemplate, placeholders } from "./template.js";

const text = z.string().min(1);

const taboo = part({
  /** Words that are named at most: 1..100, default 10. */
  words: z.int().min(1).max(100).default(10),
  /**
   * What {taboo} stands for when there are words to name, with {words} in the place of their list; default "Do not use
   * these words: {words}."
   */
  text: z.string().default("Do not use these words: {words}."),
});

const verbalized = part({
  /** Texts that an answer is to have: 2..100, default 5; {texts} stands for it. Of an answer that has more, the first. */
  texts: z.int().min(2).max(100).default(5),
});

const templateText = part({
  /** The template itself. */
  jinja: text.max(2 ** 20),
});

const promptFields = part({
  /**
   * Text with placeholders {label}, {context} and {attribute}, and for comparisons {hint}, {taboo} and {texts}; `{{` and
   * `}}` are braces. {hint} is a content word of a random seed of the label, see `filters.hint`.
   */
  instruction: z.string(),
  /** What the answer begins with, such as "Summary:"; default nothing. Same placeholders. */
  answer: z.string().default(""),
  /** S, in-context examples per prompt: integer ≥ 0, default 3. */
  shots: z.int().min(0).max(10_000).default(3),
  /** "raw" text (default), or the model's own "chat" template. */
  format: z.enum(["raw", "chat"]).default("raw"),
  /** Text between the blocks of a prompt; default a blank line, "\n\n". */
  separator: z.string().default("\n\n"),
  /**
   * In-context examples as "turns" of a chat, the user with the instruction and the assistant with the text (default
   * with format "chat"; not with "raw"), or as "text" in front of the question (default with "raw").
   */
  examples: z.enum(["turns", "text"]).optional(),
  /**
   * System message, with format "chat" only. Same placeholders. "" sends none, nor one that the template would put in
   * its place; default none, so that the template's own stays.
   */
  system: z.string().optional(),
  /**
   * Variables for the chat template, by name, such as `{ enable_thinking: true }`: JSON values, up to 100,000
   * characters of JSON; default none. One that switches reasoning off is found and set where the task gives none that
   * decides it.
   */
  templateArguments: record(z.unknown()).optional(),
  /**
   * Path of a Jinja file to use in place of the model's own chat template, or `{ jinja }` with the template itself: 1
   * to 2^20 characters; default the model's own.
   */
  template: z.union([text, templateText], { error: expected("a path, or { jinja: a template }") }).optional(),
  /**
   * The instruction of context-aware decoding's contrast rows; default the instruction with {context} replaced by
   * nothing.
   */
  withoutContext: z.string().optional(),
  /**
   * What becomes of {taboo}: the content words that stand in most of the rows of the label accepted so far, in two or
   * more; nothing before there are any. Groups are then decoded one at a time, and shards and queues are refused. For
   * comparisons; default that of its fields where {taboo} is used.
   */
  taboo: taboo.optional(),
  /**
   * Verbalized sampling, for comparisons: the instruction asks for several texts with their probabilities, and one of
   * those in the answer, drawn by these, is the row. An answer in which none is found is rejected, as "unparsable".
   * `sampling.maxTokens` is that of the whole answer. Default none: the answer is the text.
   */
  verbalized: verbalized.optional(),
});

/**
 * The `prompt` of a task, with its defaults filled in.
 * @inline
 */
export interface PromptSpec extends Omit<z.output<typeof promptFields>, "examples"> {
  /** In-context examples as "turns" of a chat, or as "text" in front of the question. */
  readonly examples: "turns" | "text";
}

/**
 * The `prompt` of a task, as a caller gives it.
 * @inline
 */
export interface PromptInput extends z.input<typeof promptFields> {}

/** The field `prompt` of a task. */
export const promptSchema: z.ZodType<PromptSpec, PromptInput> = promptFields.transform(
  ({ examples, ...given }): PromptSpec => ({
    ...given,
    examples: examples ?? (given.format === "chat" ? "turns" : "text"),
  }),
);

/** Placeholders that no attribute, seed or context fills. */
export const givenPlaceholders: readonly string[] = ["label", "hint", "taboo", "texts"];

/** The defaults of `prompt.taboo`. */
export const tabooDefaults = taboo.parse({});

/** Whether a text of the task has a placeholder. */
export function usesPlaceholder(
  { prompt, method }: { readonly prompt: PromptSpec; readonly method?: Method | undefined },
  name: string,
): boolean {
  const { instruction, answer, system = "", withoutContext = "" } = prompt;
  const negative = method?.name === "cfg-prompt" ? method.negative : "";
  const texts = [instruction, answer, system, withoutContext, negative];
  return texts.some((text) => placeholders(parseTemplate(text).segments).includes(name));
}
