/**
 * Which of a chat template's variables switches a model's reasoning off, and how a prompt shows that it comes all the
 * same.
 */

/** A variable, with the values that switch reasoning on and off. */
export interface ReasoningSwitch {
  readonly name: string;
  readonly on: unknown;
  readonly off: unknown;
}

/**
 * What the families of models call it that have one: Qwen 3, GLM and SmolLM3; Granite and DeepSeek V3.1; Command A;
 * Seed-OSS.
 */
export const reasoningSwitches: readonly ReasoningSwitch[] = [
  { name: "enable_thinking", on: true, off: false },
  { name: "thinking", on: true, off: false },
  { name: "reasoning", on: true, off: false },
  { name: "thinking_budget", on: 512, off: 0 },
];

// <think>, <|START_THINKING|>, [THINK], ◁think▷: none with a slash or END, which close it
const tag = /[<[◁][|:\w]*?(?:think|thought|reason)[\w|:]*[>\]▷]\s*$/i;
const channel = /<\|channel\|>\s*(?:analysis|commentary)\s*(?:<\|message\|>)?\s*$/i;

/** The open tag of a reasoning, or the channel for it, with which a text ends; undefined where it ends otherwise. */
export function openReasoning(text: string): string | undefined {
  const found = (tag.exec(text) ?? channel.exec(text))?.[0].trim();
  return found === undefined || /END/.test(found) ? undefined : found;
}
