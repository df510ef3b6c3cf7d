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
  /** Between the blocks; a blank line unless the task says otherwise. */
  readonly separator: string;
  /** System message, of a chat only. */
  readonly system?: string;
  /** The instruction of context-aware decoding's contrast rows; without it, the instruction with {context} replaced by nothing. */
  readonly withoutContext?: string;
}
