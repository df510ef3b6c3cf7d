/** The prompts of a group: draws examples, attributes and contexts, and renders one prompt for each row. */

import type { Prompt } from "../engine/prompt.js";
import { InvalidConfigError } from "../errors.js";
import type { GroupShape } from "../methods/coupling.js";
import { methodRepeat } from "../methods/methods.js";
import { RandomStream } from "../random.js";
import type { ResolvedSpec } from "../task/spec.js";
import { fillChatFrame } from "./chat-frame.js";
import type { ChatFormat } from "./chat-template.js";
import { drawExamples } from "./draw.js";
import { checkPools } from "./group-checks.js";
import { LabelDraw } from "./label-draw.js";
import {
  type Example,
  type PromptTexts,
  promptTexts,
  renderBlock,
  renderChatContents,
  renderRaw,
  type Values,
} from "./prompt.js";
import type { Seed, SeedPools } from "./seeds.js";

/** What one group is made of. Rows are generating rows, in the order of the shape. */
export interface Group {
  readonly index: number;
  /** The label of each row, as an index into those of the task; of a row that is not there, that of the first. */
  readonly labels: readonly number[];
  /** One prompt per row of the shape, contrast rows included; none of a row that is not there. */
  readonly prompts: readonly Prompt[];
  /** Ids of the in-context examples of each row, in the order of the prompt. */
  readonly examples: readonly (readonly string[])[];
  /** The attributes that each row drew. */
  readonly attributes: readonly Readonly<Record<string, string>>[];
  /** Id of the context of each row; undefined without contexts. */
  readonly contexts: readonly (string | undefined)[];
  /** For each row of the shape whether it is there; absent where all are. */
  readonly present?: readonly boolean[];
}

interface RowDraw {
  readonly examples: readonly Seed[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly context: Seed | undefined;
}

/** Makes the groups of a run. A group depends on `sampling.seed` and its index alone, whatever was built before. */
export class GroupFactory {
  /** What a person should know, once per label: seeds or contexts that do not suffice for the rows of a group. */
  readonly warnings: readonly string[];
  readonly #spec: ResolvedSpec;
  readonly #shape: GroupShape;
  readonly #pools: SeedPools;
  readonly #contexts: SeedPools;
  readonly #chat: ChatFormat | undefined;
  readonly #seed: bigint;
  readonly #repeat: number;
  readonly #texts: PromptTexts;
  readonly #contextless: PromptTexts;
  readonly #labels: LabelDraw;

  /**
   * @param pools Seeds by label, from `readSeeds`; not read, and may be empty, when `prompt.shots` is 0.
   * @param contexts Contexts by label; empty when the task has none.
   * @param chat The chat template with a frame for each of {@link turnsOf}, needed for `prompt.format` "chat".
   * @throws {InvalidConfigError} when a label has no seeds or contexts, a seed lacks a field that the prompt needs, or there is no
   *   chat template.
   */
  constructor(spec: ResolvedSpec, shape: GroupShape, pools: SeedPools, contexts: SeedPools = [], chat?: ChatFormat) {
    this.#spec = spec;
    this.#shape = shape;
    this.#pools = spec.prompt.shots > 0 ? pools : [];
    this.#contexts = spec.contexts === undefined ? [] : contexts;
    this.#seed = BigInt(spec.sampling.seed);
    this.#repeat = methodRepeat(spec.method);
    this.#labels = new LabelDraw(spec, pools);
    this.#texts = promptTexts(spec.prompt);
    this.#contextless = promptTexts(spec.prompt, true);
    const withoutContext = shape.rows.some((row) => row.withoutContext);
    const { issues, warnings } = checkPools(spec, this.#pools, this.#contexts, this.#repeat, withoutContext);
    if (spec.prompt.format === "chat" && !chat) {
      const message =
        'Expected "raw", since the model has no chat template, received "chat": give one with prompt.template, or use "raw"';
      issues.push({ path: "prompt.format", message });
    }
    if (issues.length > 0) throw new InvalidConfigError(issues);
    this.warnings = warnings;
    this.#chat = spec.prompt.format === "chat" ? chat : undefined;
  }

  /**
   * The group of this index, an integer ≥ 0. Groups n·promptReuse to (n + 1)·promptReuse − 1 have the same prompts.
   * @param wanted  labels that it is made for, as many as a group is made for at most; default those whose turn it is.
   */
  build(index: number, wanted?: readonly number[]): Group {
    const set = Math.floor(index / this.#spec.engine.promptReuse);
    const { labels, own } = wanted === undefined ? this.#labels.of(set) : this.#labels.toppedUp(index, wanted);
    const rows = labels.flatMap((label) => this.#drawLabel(set, label));
    const shape = this.#shape.rows;
    const generating = shape.slice(0, this.#shape.generating);
    // of CFG the partners need no rows
    const written = this.#spec.method.name.startsWith("cfg-") ? own : labels.length;
    const present = shape.map(({ label, follows }) => label < labels.length && shape[follows]!.label < written);
    const there = generating.flatMap((_, m) => (present[m] ? rows[m]! : []));
    return {
      index,
      labels: generating.map(({ label }) => labels[label] ?? labels[0]!),
      prompts: shape.map(({ label, promptOf, withoutContext }, m) =>
        present[m] ? this.#renderRow(labels[label]!, rows[promptOf]!, withoutContext) : [],
      ),
      examples: there.map((row) => row.examples.map(({ id }) => id)),
      attributes: there.map((row) => row.attributes),
      contexts: there.map((row) => row.context?.id),
      ...(present.every((isThere) => isThere) ? {} : { present }),
    };
  }

  /** Labels that a group is made for: those of the task where every group has all of them. */
  labelsOf(index: number): readonly number[] {
    const { labels, own } = this.#labels.of(Math.floor(index / this.#spec.engine.promptReuse));
    return labels.slice(0, own);
  }

  /**
   * For each label the longest prompt there can be: the `shots` longest blocks, the longest attributes and context, in
   * bytes of UTF-8. Where these fit a row, hardly any prompt will not; tokens are not bytes, so the engine still checks each.
   */
  worstCasePrompts(): { label: string; prompt: Prompt }[] {
    const kinds = [...new Set(this.#shape.rows.map((row) => row.withoutContext))];
    return this.#spec.labels.flatMap(({ name }, label) =>
      kinds.map((withoutContext) => ({ label: name, prompt: this.#worstCase(label, withoutContext) })),
    );
  }

  /**
   * The prompts of a label with these examples, with and without context as the rows have it, and the longest attributes
   * and context.
   */
  promptsWith(label: number, examples: readonly Seed[]): Prompt[] {
    const kinds = [...new Set(this.#shape.rows.map((row) => row.withoutContext))];
    return kinds.map((withoutContext) => this.#longestWith(label, examples, withoutContext));
  }

  /**
   * One prompt for each label, with these examples and these values of attributes and {context}.
   * @param examples  by label.
   */
  labelPrompts(examples: SeedPools, own: Readonly<Record<string, string>>): Prompt[] {
    return this.#spec.labels.map((_, label) => this.#render(label, examples[label] ?? [], own, false));
  }

  #drawLabel(set: number, label: number): RowDraw[] {
    const stream = (purpose: "examples" | "attributes" | "contexts") =>
      new RandomStream(this.#seed, set, purpose, label);
    const pool = this.#pools[label] ?? [];
    const contexts = this.#contexts[label] ?? [];
    const examples = drawExamples(stream("examples"), pool.length, this.#spec.prompt.shots, this.#repeat);
    const contextOf = contexts.length === 0 ? [] : drawExamples(stream("contexts"), contexts.length, 1, this.#repeat);
    const attributes = stream("attributes");
    return examples.map((drawn, repeat) => ({
      examples: drawn.map((position) => pool[position] as Seed),
      attributes: this.#attributes((values) => values[attributes.below(values.length)] as string),
      context: contexts[contextOf[repeat]?.[0] ?? -1],
    }));
  }

  #attributes(choose: (values: readonly string[]) => string): Record<string, string> {
    const entries = Object.entries(this.#spec.attributes);
    return Object.fromEntries(entries.map(([name, values]) => [name, choose(values)]));
  }

  #worstCase(label: number, withoutContext: boolean): Prompt {
    const texts = withoutContext ? this.#contextless : this.#texts;
    const blockBytes = (seed: Seed) => byteLength(renderBlock(texts, this.#example(label, seed, withoutContext)));
    const examples = longest(this.#pools[label] ?? [], this.#spec.prompt.shots, blockBytes);
    return this.#longestWith(label, examples, withoutContext);
  }

  #longestWith(label: number, examples: readonly Seed[], withoutContext: boolean): Prompt {
    const context = longest(this.#contexts[label] ?? [], 1, ({ text }) => byteLength(text))[0];
    const attributes = this.#attributes((values) => longest(values, 1, byteLength)[0] as string);
    return this.#renderRow(label, { examples, attributes, context }, withoutContext);
  }

  #renderRow(label: number, { examples, attributes, context }: RowDraw, withoutContext: boolean): Prompt {
    return this.#render(label, examples, { ...attributes, context: context?.text ?? "" }, withoutContext);
  }

  #render(
    label: number,
    seeds: readonly Seed[],
    own: Readonly<Record<string, string>>,
    withoutContext: boolean,
  ): Prompt {
    const texts = withoutContext ? this.#contextless : this.#texts;
    const examples = seeds.map((seed) => this.#example(label, seed, withoutContext));
    const values = this.#values(label, own, withoutContext);
    if (!this.#chat) return [{ text: renderRaw(texts, examples, values), special: false }];
    const asTurns = this.#spec.prompt.examples === "turns";
    const frame = this.#chat.frames.get(asTurns ? examples.length : 0)!; // there is one for each of turnsOf
    return fillChatFrame(frame, renderChatContents(texts, examples, values, asTurns));
  }

  // In an example's block, {context} and the attributes are the seed's own fields.
  #example(label: number, { text, fields }: Seed, withoutContext: boolean): Example {
    return { text, values: this.#values(label, fields, withoutContext) };
  }

  #values(label: number, own: Readonly<Record<string, string>>, withoutContext: boolean): Values {
    const verbalization = this.#spec.labels[label]?.verbalization ?? "";
    const context: [string, string][] = withoutContext ? [["context", ""]] : [];
    return new Map([...Object.entries(own), ["label", verbalization], ...context]);
  }
}

/** Examples that are turns of a chat, of each kind of prompt that comes up: as many as asked for, or as the label has seeds. */
export function turnsOf({ prompt, labels }: ResolvedSpec, pools: SeedPools): Set<number> {
  const shots = prompt.examples === "turns" ? prompt.shots : 0;
  return new Set(labels.map((_, label) => Math.min(shots, pools[label]?.length ?? 0)));
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function longest<Item>(items: readonly Item[], count: number, size: (item: Item) => number): Item[] {
  const sized = items.map((item) => ({ item, size: size(item) })).sort((a, b) => b.size - a.size);
  return sized.slice(0, count).map(({ item }) => item);
}
