/** Words that rows are asked to avoid: {taboo}, those that most rows of the label have which were accepted so far. */
import { type PromptSpec, tabooDefaults } from "../task/prompt-spec.js";
import type { ResolvedSpec } from "../task/spec.js";
import { fillTemplate, parseTemplate } from "../task/template.js";
import { contentWords } from "../text/content-words.js";

/** A word is common from so many rows on. */
const leastRows = 2;
/** As long as a word that is named may be, for prompts to be measured with. */
const longestWord = "incomprehensibleness";

/** Counts the words of the accepted rows, label by label. */
export class TabooWords {
  readonly #rules: NonNullable<PromptSpec["taboo"]>;
  readonly #labels: ReadonlyMap<string, number>;
  /** In how many rows each word stands, by label. */
  readonly #counts: readonly Map<string, number>[];
  /** Common words, the commonest first, by label; undefined where rows came since. */
  readonly #ranked: (readonly string[] | undefined)[];
  /** Words that the prompts of a label ask for themselves. */
  readonly #asked: readonly ReadonlySet<string>[];

  constructor({ labels, prompt }: Pick<ResolvedSpec, "labels" | "prompt">) {
    this.#rules = prompt.taboo ?? tabooDefaults;
    this.#labels = new Map(labels.map(({ name }, label) => [name, label]));
    this.#counts = labels.map(() => new Map());
    this.#ranked = labels.map(() => undefined);
    const own = [prompt.instruction, prompt.answer, prompt.system ?? ""].join("\n");
    this.#asked = labels.map(({ verbalization }) => new Set(contentWords(`${own}\n${verbalization}`)));
  }

  /** Counts a row that was accepted; one of another task's label does not count. */
  see({ text, label }: { readonly text: string; readonly label?: string }): void {
    const index = this.#labels.get(label ?? "");
    if (index === undefined) return;
    const counts = this.#counts[index]!;
    for (const word of contentWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    this.#ranked[index] = undefined;
  }

  /**
   * What {taboo} stands for in a row of this label: the commonest words, of equally common ones those that come first
   * in the order of their letters; "" while there are none.
   * @param values  that the row's prompt has beside: their words are asked for, and so never named.
   */
  textFor(label: number, values: readonly string[]): string {
    this.#ranked[label] ??= ranked(this.#counts[label]!);
    const asked = new Set(contentWords(values.join("\n")));
    const words = this.#ranked[label]
      .filter((word) => !asked.has(word) && !this.#asked[label]!.has(word))
      .slice(0, this.#rules.words);
    return words.length === 0 ? "" : this.#text(words);
  }

  /** A text as long as it gets, but for scripts that take more tokens a word. */
  longest(): string {
    return this.#text(Array.from({ length: this.#rules.words }, () => longestWord));
  }

  #text(words: readonly string[]): string {
    return fillTemplate(parseTemplate(this.#rules.text).segments, new Map([["words", words.join(", ")]]));
  }
}

function ranked(counts: ReadonlyMap<string, number>): string[] {
  const common = [...counts].filter(([, rows]) => rows >= leastRows);
  return common.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word);
}
