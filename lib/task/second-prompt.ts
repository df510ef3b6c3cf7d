/** What the second model reads. */
import type { PromptSpec } from "./prompt-spec.js";
import type { SecondModelSpec } from "./second-model.js";

/**
 * The prompt of the second model: the task's own, with what its field states in place of it. What belongs to a chat, or to a
 * template, is not handed down where it does not fit.
 */
export function promptOfSecond(prompt: PromptSpec, { model: _, ...own }: SecondModelSpec): PromptSpec {
  const { system, template: _template, templateArguments: _arguments, examples, ...shared } = prompt;
  const format = own.format ?? prompt.format;
  const isAlike = format === prompt.format;
  return {
    ...shared,
    examples: isAlike ? examples : format === "chat" ? "turns" : "text",
    ...(isAlike && system !== undefined ? { system } : {}),
    ...own,
    format,
  };
}
