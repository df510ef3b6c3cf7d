/** What the engine reads: text, and which of it may hold control tokens. */

/** A stretch of a prompt. Control tokens are read as such only in special text, which comes from a chat template alone. */
export interface PromptPart {
  readonly text: string;
  readonly special: boolean;
}

/** A prompt, to be tokenised part by part and joined. */
export type Prompt = readonly PromptPart[];
