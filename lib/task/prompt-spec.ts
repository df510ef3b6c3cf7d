/** The `prompt` of a sound task. */

/**
 * The `prompt` of a task, with its defaults filled in.
 * @inline
 */
export interface PromptSpec {
  readonly instruction: string;
  readonly answer: string;
  /** S, in-context examples per prompt: integer ≥ 0. */
  readonly shots: number;
  readonly format: "raw" | "chat";
  /** "turns": user and assistant turns of a chat; "text": blocks of text in front of the question. */
  readonly examples: "turns" | "text";
  /** Between the blocks; a blank line unless the task says otherwise. */
  readonly separator: string;
  /** System message, of a chat only; "" for none at all, a default of the template included. */
  readonly system?: string;
  /** Variables of the chat template, by name: JSON values. */
  readonly templateArguments?: Readonly<Record<string, unknown>>;
  /** Jinja file to use in place of the model's own chat template, or the template itself. */
  readonly template?: string | { readonly jinja: string };
  /** The instruction of context-aware decoding's contrast rows; without it, the instruction with {context} replaced by nothing. */
  readonly withoutContext?: string;
}

/** How a prompt has its examples, where it does not say: as turns of a chat, else as text. */
export function examplesOf({
  format,
  examples = format === "chat" ? "turns" : "text",
}: {
  readonly format: PromptSpec["format"];
  readonly examples?: PromptSpec["examples"] | undefined;
}): PromptSpec["examples"] {
  return examples;
}
