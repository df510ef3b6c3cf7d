/** Reasoning that a model writes before its answer, though nobody will read it. */

/** How one family of models marks its reasoning. */
interface Markers {
  /** What it begins with; at the start of a text only. */
  readonly open: RegExp;
  /** What stands between reasoning and answer; the last one counts. */
  readonly close: RegExp;
}

// Written as they come when a tokenizer prints its control tokens, or in plain letters where it leaves them out.
const families: readonly Markers[] = [
  // DeepSeek R1, Qwen 3, QwQ, GLM, Nemotron, Phi 4 and many others, and names that people prompt for
  {
    open: /^<(?:(?:seed:)?think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad)>/i,
    close: /<\/(?:(?:seed:)?think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad)>/gi,
  },
  // Magistral
  { open: /^\[THINK\]/, close: /\[\/THINK\]/g },
  // Kimi
  { open: /^◁think▷/, close: /◁\/think▷/g },
  // Command A Reasoning
  { open: /^<\|START_THINKING\|>/, close: /<\|END_THINKING\|>(?:\s*<\|START_RESPONSE\|>)?/g },
  // Sky-T1, OpenThinker
  { open: /^<\|begin_of_thought\|>/, close: /<\|end_of_thought\|>(?:\s*<\|begin_of_solution\|>)?/g },
  // Gemma 4; gpt-oss (Harmony), with and without its tokens
  { open: /^<\|channel>thought\b/, close: /<channel\|>/g },
  {
    open: /^(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)\b/,
    close: /(?:<\|start\|>assistant)?<\|channel\|>final(?:[^<]{0,40})<\|message\|>/g,
  },
  { open: /^analysis(?=[A-Z])/, close: /assistantfinal/g },
  // Granite
  { open: /^Here(?: is|'s) my thought process:/, close: /Here(?: is|'s) my response:/g },
];

/** What closes an answer that stood in markers of its own. */
const answerEnd = /\s*(?:<\|END_RESPONSE\|>|<\|end_of_solution\|>|<\|return\|>|<\|end\|>|<\/answer>)\s*$/;
const answerStart = /^\s*<answer>\s*/;

/**
 * A text without the reasoning in front of its answer: what follows the last marker that closes it, also where the
 * prompt had opened it. Undefined where the reasoning never closes or nothing follows; the text itself where there is
 * none.
 * @param isOpened  whether the prompt ends in open reasoning, so that a text without a closing marker is nothing else.
 */
export function withoutReasoning(text: string, isOpened = false): string | undefined {
  for (const { open, close } of families) {
    const end = [...text.matchAll(close)].at(-1);
    if (end !== undefined) {
      const answer = text
        .slice(end.index + end[0].length)
        .replace(answerStart, "")
        .replace(answerEnd, "")
        .trim();
      return answer === "" ? undefined : answer;
    }
    if (open.test(text.trimStart())) return undefined;
  }
  return isOpened ? undefined : text;
}

/** Whether a prompt ends in reasoning that it opens and does not close. */
export function opensReasoning(promptEnd: string): boolean {
  return families.some(({ open }) => new RegExp(`(?:${open.source.slice(1)})\\s*$`, open.flags).test(promptEnd));
}
