/** The fields `amateur` and `guide` of a task: the second model, and the form of its prompts where it is another. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { type Given, type Parsed, part, record } from "../checks/shapes.js";

const templateText = part({
  /** The template itself. */
  jinja: z
    .string()
    .min(1)
    .max(2 ** 20),
});

const shape = {
  /** Path of a GGUF file, an hf: URI, or "demo": a model with the teacher's own tokens. */
  model: z.string().min(1),
  /** "raw" text, or the second model's own "chat" template; default that of `prompt`. */
  format: z.enum(["raw", "chat"]).optional(),
  /** Its instruction, with the placeholders of `prompt.instruction`; default that. */
  instruction: z.string().optional(),
  /** What its answer begins with; default `prompt.answer`. */
  answer: z.string().optional(),
  /** Text between the blocks of its prompt; default `prompt.separator`. */
  separator: z.string().optional(),
  /** In-context examples as "turns" or "text"; default as `prompt` has them, and as its own format has where that is another. */
  examples: z.enum(["turns", "text"]).optional(),
  /** System message, with format "chat" only; default `prompt.system`. */
  system: z.string().optional(),
  /** Variables for its chat template, as `prompt.templateArguments`; default none. */
  templateArguments: record(z.unknown()).optional(),
  /** A Jinja file, or `{ jinja }`, in place of its own chat template; default its own. */
  template: z
    .union([z.string().min(1), templateText], { error: expected("a path, or { jinja: a template }") })
    .optional(),
};

/** A second model and its prompts: what is not stated is as the task's `prompt` has it. */
export interface SecondModelSpec extends Parsed<typeof shape> {}
/** A second model as a task gives it. */
export interface SecondModelInput extends Given<typeof shape> {}

// An interface, since a declaration file would write out a type of another file without its doc comments.
export interface SecondModelSchema extends z.ZodType<SecondModelSpec, string | SecondModelInput> {}

export const secondModelSchema: SecondModelSchema = z
  .union([z.string().min(1), part(shape)], { error: expected('a path, an hf: URI, "demo", or { model, … }') })
  .transform((given): SecondModelSpec => (typeof given === "string" ? { model: given } : given));
