/** What a run yields: one labelled text, with what it takes to trace it. */

/**
 * One accepted instance of the dataset.
 * @typeParam Label  names of the labels, of a task that has them `as const`; default any text.
 */
export interface Instance<Label extends string = string> {
  /** Unique within the dataset: group and row, e.g. "12.3". */
  readonly id: string;
  /** Trimmed, never empty. Written by a language model: treat it as untrusted. */
  readonly text: string;
  /** Name of its label. */
  readonly label: Label;
  /** Number of its group, from 0. */
  readonly group: number;
  /** Which of the label's R instances of the group, from 0. */
  readonly repeat: number;
  /** Ids of the in-context examples, in the order of the prompt. */
  readonly examples: readonly string[];
  /**
   * Values of the placeholders that were drawn for it: attributes, `hint`, and `taboo` where there were words to name.
   * Absent where there are none.
   */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Id of its context, when the task has contexts. */
  readonly context?: string;
  /** Text of the context that it shares with the rows of its group: a premise. Only with `contexts: { perGroup: true }`. */
  readonly contextText?: string;
  /** Tokens drawn, the one that ended it included; of a text that was cut, those of what was cut off as well. */
  readonly tokens: number;
  /** An end-of-generation token, a stop string, or the token limit. */
  readonly ending: "eos" | "stop" | "length";
  /**
   * The text reached the token limit and was shortened to its last whole sentence (`filters.unfinished`); absent of all
   * others. `tokens`, `logprob` and `contrastNorms` are those of the text as it was drawn.
   */
  readonly cut?: true;
  /**
   * Reasoning in front of it, or what the whole text was wrapped in, was taken off (`filters.reasoning`,
   * `filters.clean`); as `cut`.
   */
  readonly cleaned?: true;
  /**
   * Of a text that was drawn from an answer of several (`prompt.verbalized`): how many it had. `tokens`, `ending`,
   * `logprob` and `contrastNorms` are those of the whole answer.
   */
  readonly verbalizedTexts?: number;
  /** The probability, 0..1, that the answer gave this one. */
  readonly verbalizedProbability?: number;
  /** ln of its probability under the row's own, uncontrasted distribution; only with `sampling.logprobs`. */
  readonly logprob?: number;
  /**
   * The norm of the contrast at each of its tokens (Figure 2): the largest difference, over the tokens that may be drawn,
   * of its raw logits and the mean of its active partners'. The list ends with the last token that had a partner: a row
   * that outlives its partners has fewer norms than tokens, and FewGen none. Only with `sampling.contrastNorms`.
   */
  readonly contrastNorms?: readonly number[];
  /**
   * Probability of its label by the task's `check`, 0..1: of the teacher's calibrated scores, or of a student. Only with
   * `check`.
   */
  readonly labelProbability?: number;
  /** Probabilities of all labels, by name; their sum is 1. Only with `check: { probabilities: true }`. */
  readonly labelProbabilities?: Readonly<Record<string, number>>;
  /** Of a dataset made in rounds alone: the number of its round, from 1; its `id` is then that of the round, as "1:12.3". */
  readonly round?: number;
  /** How much the row counts where it is learnt from, 0..1; only of rounds by the policy "weights". */
  readonly weight?: number;
  /** The run's seed; with group and row it keys every draw. A text of digits above 2^53 − 1. */
  readonly seed: number | string;
}
