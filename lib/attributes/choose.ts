/** Which of the values that a teacher named are kept, and whether an attribute is one of each label or of all. */

/** A value as a check sees it. */
export interface JudgedValue {
  readonly value: string;
  /** Number of the label that it was named for. */
  readonly label: number;
  /** Number of the label that it is taken for. */
  readonly takenFor: number;
}

/** What became of an attribute. */
export interface Choice {
  /** One list for all labels, or a list for each. */
  readonly lists: readonly (readonly string[])[];
  /** Values that are taken for another label than the one they were named for. */
  readonly dropped: readonly JudgedValue[];
}

/**
 * An attribute is one of the labels where its values tell the labels apart: more than halfway between chance and always they
 * are taken for the label that they were named for. Then those that are not are dropped (AttrPrompt's filter of ambiguous
 * values). Else all labels have one list: the values that were named for most of them first.
 * @param isOwn  it is one of the labels in any case, such as a subtopic.
 * @param most  values of a list.
 */
export function chooseValues(
  judged: readonly JudgedValue[],
  { labels, most, isOwn }: { readonly labels: number; readonly most: number; readonly isOwn: boolean },
): Choice {
  const right = judged.filter(({ label, takenFor }) => label === takenFor);
  const isShared = labels === 1 || (!isOwn && right.length / judged.length <= (1 + 1 / labels) / 2);
  if (isShared) return { lists: [mostNamed(judged).slice(0, most)], dropped: [] };
  const byLabel = Array.from({ length: labels }, (_, of) => right.filter(({ label }) => label === of));
  return {
    lists: byLabel.map((values) => values.slice(0, most).map(({ value }) => value)),
    dropped: judged.filter(({ label, takenFor }) => label !== takenFor),
  };
}

function mostNamed(judged: readonly JudgedValue[]): string[] {
  const counts = new Map<string, { readonly value: string; count: number }>();
  for (const { value } of judged) {
    const key = value.toLowerCase();
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { value, count: 1 });
    else known.count++;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).map(({ value }) => value);
}
