/**
 * How the assistant's turn begins: by the generation prompt of the template, put right where its own turns begin
 * otherwise.
 */
import { openReasoning } from "./reasoning.js";

/** What to change at the end of a prompt, and what to say of it. */
export interface TurnBegin {
  /** Text of the generation prompt to leave out; "" for none. */
  readonly cut: string;
  /** Text of the template to add. */
  readonly add: string;
  /** White space before the answer prefix. */
  readonly before: string;
  readonly note?: string;
  readonly warning?: string;
}

/**
 * @param generation  a prompt as the template ends it.
 * @param own  the same chat with a turn of the assistant, up to what the assistant says; undefined where that is
 *   unknown.
 * @param options.hasAnswer  whether there is an answer prefix.
 * @param options.isChosen  whether the task says itself if the model is to reason.
 */
export function turnBegin(
  generation: string,
  own: string | undefined,
  { hasAnswer, isChosen }: { readonly hasAnswer: boolean; readonly isChosen: boolean },
): TurnBegin {
  const asIs = { cut: "", add: "", before: "" };
  if (own === undefined) return asIs;
  if (own.startsWith(generation)) {
    const more = own.slice(generation.length);
    if (more.trim() === "") return { ...asIs, before: more };
    if (isChosen && !hasAnswer) return asIs;
    const note =
      `The assistant's turn begins with ${quoted(more)} as the template's own turns do: ` +
      "its generation prompt leaves that out";
    return { ...asIs, add: more, note };
  }
  if (!hasAnswer) return asIs;
  if (generation.startsWith(own)) {
    const more = generation.slice(own.length); // such as reasoning that is opened, or opened and closed
    if (openReasoning(generation) === undefined) return asIs;
    const note = `prompt.answer begins the assistant's turn in place of its reasoning: ${quoted(more)} is left out`;
    return { ...asIs, cut: more, note };
  }
  const warning =
    "The chat template cannot be continued: an assistant's turn begins otherwise than after its generation prompt, " +
    "so the model may not read prompt.answer as the beginning of its own";
  return { ...asIs, warning };
}

function quoted(text: string): string {
  return JSON.stringify(text.trim());
}
