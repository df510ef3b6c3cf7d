/** Words that rows are asked to use: {hint}, a content word of a random seed of the row's label. */
import { pathText } from "../checks/issues.js";
import type { ConfigIssue } from "../errors.js";
import type { RandomStream } from "../random.js";
import { contentWords } from "../text/content-words.js";
import { fnv1a } from "../text/hash.js";
import { drawExamples } from "./draw.js";
import type { SeedPools } from "./seeds.js";

/** The hints of a task. */
export class Hints {
  /** By label, the content words of each seed that has some. */
  readonly #words: readonly (readonly (readonly string[])[])[];
  readonly #longest: readonly string[];

  /** @param pools  seeds by label. */
  constructor(pools: SeedPools) {
    this.#words = pools.map((pool) => pool.map(({ text }) => contentWords(text)).filter(({ length }) => length > 0));
    this.#longest = this.#words.map((seeds) => seeds.flat().reduce(longer, ""));
  }

  /** What is wrong with labels that have no seed with a content word. */
  issues(labels: readonly { readonly name: string }[]): ConfigIssue[] {
    const message = "Expected a seed with a content word, of four letters or more, for {hint}, received none: add some";
    return labels.flatMap(({ name }, label) =>
      (this.#words[label] ?? []).length > 0 ? [] : [{ path: pathText(["labels", name]), message }],
    );
  }

  /** One for each of a label's rows: of different seeds while there are enough, each word of a seed equally likely. */
  draw(stream: RandomStream, label: number, rows: number): string[] {
    const seeds = this.#words[label]!;
    return drawExamples(stream, seeds.length, 1, rows).map(([seed]) => {
      const words = seeds[seed!]!;
      return words[stream.below(words.length)]!;
    });
  }

  /** The longest that a label can draw. */
  longest(label: number): string {
    return this.#longest[label]!;
  }
}

function longer(a: string, b: string): string {
  return Buffer.byteLength(b) > Buffer.byteLength(a) ? b : a;
}

/** The hint that an in-context example had been written for: one of its own words, always the same; "" without any. */
export function hintOf(text: string): string {
  const words = contentWords(text);
  return words[fnv1a(text) % words.length] ?? "";
}
