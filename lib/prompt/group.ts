/** The prompts of a group: draws examples, attributes and contexts, and renders one prompt for each row. */

import type { Prompt } from "../engine/prompt.js";
import { InvalidConfigError } from "../errors.js";
import { contrastsPrompts, type GroupShape, type PromptKind } from "../methods/coupling.js";
import { labelSpan } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import { RandomStream } from "../random.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import type { ResolvedSpec } from "../task/spec.js";
import { AttributeDecks } from "./attribute-decks.js";
import type { RenderedPart } from "./chat-frame.js";
import { ContextDraw, type Turn } from "./context-draw.js";
import { ExampleTree } from "./example-tree.js";
import { checkPools } from "./group-checks.js";
import { Hints } from "./hints.js";
import { LabelDraw } from "./label-draw.js";
import { longest } from "./longest.js";
import { drawMixed, examplesPerPrompt, type Mix, mixOf } from "./mixed-examples.js";
import { type PromptForms, RowPrompts } from "./row-prompts.js";
import type { Seed, SeedPools } from "./seeds.js";
import { TabooWords } from "./taboo.js";

/** What one group is made of. Rows are generating rows, in the order of the shape. */
export interface Group {
  readonly index: number;
  /** The label of each row, as an index into those of the task; of a row that is not there, that of the first. */
  readonly labels: readonly number[];
  /** Labels that have prompts in it, as an index into those of the task; a row of the shape names its place in this list. */
  readonly promptLabels: readonly number[];
  /** One prompt per row of the shape, contrast rows included; none of a row that is not there. */
  readonly prompts: readonly (readonly RenderedPart[])[];
  /** Ids of the in-context examples of each row, in the order of the prompt. */
  readonly examples: readonly (readonly string[])[];
  /** The attributes that each row drew; with them its {hint}, and its {taboo} where there was one. */
  readonly attributes: readonly Readonly<Record<string, string>>[];
  /** Id of the context of each row; undefined without contexts. */
  readonly contexts: readonly (string | undefined)[];
  /** Text of the context that all rows share; undefined where each has its own. */
  readonly sharedContext: string | undefined;
  /**
   * Prompts, one for each row of the shape, that agree with its own as far as groups share them and no further; several
   * such lists, or none where the examples are no tree.
   */
  readonly beginnings: readonly (readonly Prompt[])[];
  /** For each row of the shape whether it is there; absent where all are. */
  readonly present?: readonly boolean[];
}

interface RowDraw {
  readonly examples: readonly Seed[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly context: Seed | undefined;
}

/**
 * Makes the groups of a run. A group depends on `sampling.seed` and its index alone, whatever was built before; with
 * {taboo} also on the rows that `taboo` has seen.
 */
export class GroupFactory {
  /** What a person should know, once per label: seeds or contexts that do not suffice for the rows of a group. */
  readonly warnings: readonly string[];
  /** To be told of each accepted row before the next group is built; undefined of a task without {taboo}. */
  readonly taboo: TabooWords | undefined;
  readonly #hints: Hints | undefined;
  readonly #spec: ResolvedSpec;
  readonly #shape: GroupShape;
  readonly #pools: SeedPools;
  readonly #mixes: readonly Mix[];
  readonly #contexts: ContextDraw;
  readonly #attributes: AttributeDecks;
  readonly #seed: bigint;
  readonly #repeat: number;
  readonly #prompts: RowPrompts;
  /** Kinds of prompts that its rows have. */
  readonly #kinds: readonly PromptKind[];
  readonly #labels: LabelDraw;
  /** By label; empty where the examples are no tree. */
  readonly #trees: readonly ExampleTree[];

  /**
   * @param pools Seeds by label, from `readSeeds`; may be empty when `prompt.shots` is 0 and there is no {hint}.
   * @param contexts Contexts by label; empty when the task has none.
   * @param forms What of the model decides how its prompts are written.
   * @throws {InvalidConfigError} when a label has no seeds or contexts, a seed lacks a field that the prompt needs, or there is no
   *   chat template.
   */
  constructor(
    spec: ResolvedSpec,
    shape: GroupShape,
    pools: SeedPools,
    contexts: SeedPools = [],
    forms: PromptForms = {},
  ) {
    this.#spec = spec;
    this.#shape = shape;
    this.#pools = spec.prompt.shots > 0 ? pools : [];
    this.#mixes = spec.labels.map((_, label) => mixOf(this.#pools[label] ?? []));
    this.#seed = BigInt(spec.sampling.seed);
    this.#repeat = methodRepeat(spec.method);
    const treeOf = (mix: Mix, label: number) =>
      new ExampleTree(this.#seed, label, mix, spec.prompt.shots, this.#repeat);
    this.#trees = hasTree(spec) ? this.#mixes.map(treeOf) : [];
    const texts = spec.contexts === undefined ? [] : contexts;
    this.#contexts = new ContextDraw(spec, texts, this.#repeat);
    this.#attributes = new AttributeDecks(spec);
    this.#labels = new LabelDraw(spec, pools);
    this.#prompts = new RowPrompts(spec, forms);
    this.taboo = usesPlaceholder(spec, "taboo") ? new TabooWords(spec) : undefined;
    this.#hints = usesPlaceholder(spec, "hint") ? new Hints(pools) : undefined;
    this.#kinds = [...new Set(shape.rows.map((row) => row.prompt))];
    const withoutContext = this.#kinds.includes("without-context");
    const { issues, warnings } = checkPools(spec, this.#pools, texts, this.#repeat, withoutContext);
    issues.push(...(this.#hints?.issues(spec.labels) ?? []));
    if (spec.prompt.format === "chat" && !forms.chat) {
      const message =
        'Expected "raw", since the model has no chat template, received "chat": give one with prompt.template, or use "raw"';
      issues.push({ path: "prompt.format", message });
    }
    if (issues.length > 0) throw new InvalidConfigError(issues);
    this.warnings = warnings;
  }

  /** Groups of a label of which no two have the same examples; Infinity where these are drawn anew and may recur. */
  get distinctGroups(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#trees.map((tree) => tree.distinctGroups));
  }

  /**
   * The group of this index, an integer ≥ 0. Groups n·promptReuse to (n + 1)·promptReuse − 1 have the same prompts; with
   * "auto" they have the same labels, and examples as {@link ExampleTree} deals them.
   * @param wanted  labels that it is made for, as many as a group is made for at most; default those whose turn it is.
   */
  build(index: number, wanted?: readonly number[]): Group {
    const span = labelSpan(this.#spec.engine);
    const isTree = this.#spec.engine.promptReuse === "auto";
    const turnOf = Math.floor(index / span);
    const set = isTree ? index : turnOf;
    const { labels, own } = wanted === undefined ? this.#labels.of(turnOf) : this.#labels.toppedUp(index, wanted);
    // labels that take turns have one in each round; a group that makes up for rows is no part of a round
    const { sizes } = this.#labels;
    const round = Math.floor(turnOf / sizes.groups);
    const turn = wanted !== undefined ? set : isTree ? round * span + (index % span) : round;
    const first = set * sizes.labels;
    const rows = labels.flatMap((label, i) => this.#drawLabel(label, { set, turn, row: (first + i) * this.#repeat }));
    const shape = this.#shape.rows;
    const generating = shape.slice(0, this.#shape.generating);
    // of CFG the partners need no rows
    const written = contrastsPrompts(this.#spec.method) ? own : labels.length;
    const present = shape.map(({ label, follows }) => label < labels.length && shape[follows]!.label < written);
    const there = generating.flatMap((_, m) => (present[m] ? rows[m]! : []));
    const render = (how: (row: RowDraw, label: number) => RowDraw) =>
      shape.map(({ label, promptOf, prompt }, m) =>
        present[m] ? this.#renderRow(prompt, labels[label]!, how(rows[promptOf]!, labels[label]!)) : [],
      );
    return {
      index,
      labels: generating.map(({ label }) => labels[label] ?? labels[0]!),
      promptLabels: labels,
      prompts: render((row) => row),
      beginnings: this.#sharedPlaces().map((place) => render((row) => otherFrom(row, place))),
      examples: there.map((row) => row.examples.map(({ id }) => id)),
      attributes: there.map((row) => row.attributes),
      contexts: there.map((row) => row.context?.id),
      sharedContext: this.#spec.contextDeal?.perGroup === true ? there[0]?.context?.text : undefined,
      ...(present.every((isThere) => isThere) ? {} : { present }),
    };
  }

  /** Labels that a group is made for: those of the task where every group has all of them. */
  labelsOf(index: number): readonly number[] {
    const { labels, own } = this.#labels.of(Math.floor(index / labelSpan(this.#spec.engine)));
    return labels.slice(0, own);
  }

  /**
   * For each label the longest prompt there can be: the `shots` longest blocks, the longest attributes and context, in
   * bytes of UTF-8. Where these fit a row, hardly any prompt will not; tokens are not bytes, so the engine still checks each.
   */
  worstCasePrompts(): { label: string; prompt: Prompt }[] {
    return this.#spec.labels.flatMap(({ name }, label) =>
      this.#kinds.map((kind) => ({ label: name, prompt: this.#worstCase(kind, label) })),
    );
  }

  /**
   * The prompts of a label with these examples, of each kind that the rows have, and the longest attributes and context.
   */
  promptsWith(label: number, examples: readonly Seed[]): Prompt[] {
    return this.#kinds.map((kind) => this.#longestWith(kind, label, examples));
  }

  /**
   * One prompt for each label, with these examples and these values of attributes and {context}.
   * @param examples  by label.
   */
  labelPrompts(examples: SeedPools, own: Readonly<Record<string, string>>): Prompt[] {
    return this.#spec.labels.map((_, label) => this.#prompts.render("own", label, examples[label] ?? [], own));
  }

  #drawLabel(label: number, turn: Turn): RowDraw[] {
    const stream = (purpose: "examples" | "hints") => new RandomStream(this.#seed, turn.set, purpose, label);
    const pool = this.#pools[label] ?? [];
    const examples =
      this.#trees[label]?.draw(turn.turn) ??
      drawMixed(stream("examples"), this.#mixes[label]!, this.#spec.prompt.shots, this.#repeat);
    const contexts = this.#contexts.of(label, turn);
    const hints = this.#hints?.draw(stream("hints"), label, this.#repeat);
    return examples.map((drawn, repeat) => {
      const context = contexts[repeat];
      const own = {
        ...this.#attributes.at(label, turn.turn * this.#repeat + repeat),
        ...(hints === undefined ? {} : { hint: hints[repeat]! }),
      };
      const taboo = this.taboo?.textFor(label, [...Object.values(own), context?.text ?? ""]) ?? "";
      return {
        examples: drawn.map((position) => pool[position] as Seed),
        attributes: taboo === "" ? own : { ...own, taboo },
        context,
      };
    });
  }

  // Examples of a prompt before which groups share it, ascending.
  #sharedPlaces(): number[] {
    return [...new Set(this.#trees.flatMap(({ shared }) => shared))].sort((a, b) => a - b);
  }

  #worstCase(kind: PromptKind, label: number): Prompt {
    const examples = longest(this.#pools[label] ?? [], this.#spec.prompt.shots, (seed) =>
      this.#prompts.blockBytes(kind, label, seed),
    );
    return this.#longestWith(kind, label, examples);
  }

  #longestWith(kind: PromptKind, label: number, examples: readonly Seed[]): Prompt {
    const context = this.#contexts.longest(label);
    const attributes = {
      ...this.#attributes.longest(label),
      ...(this.#hints === undefined ? {} : { hint: this.#hints.longest(label) }),
      ...(this.taboo === undefined ? {} : { taboo: this.taboo.longest() }),
    };
    return this.#renderRow(kind, label, { examples, attributes, context });
  }

  #renderRow(kind: PromptKind, label: number, { examples, attributes, context }: RowDraw): readonly RenderedPart[] {
    return this.#prompts.render(kind, label, examples, { ...attributes, context: context?.text ?? "" });
  }
}

/** Whether the examples of groups in a row are dealt as a tree, by {@link ExampleTree}. */
export function hasTree({ engine, prompt }: ResolvedSpec): boolean {
  return engine.promptReuse === "auto" && prompt.shots > 0;
}

/** A text that no seed has: unlike any from its first sign on. */
const unlike = "\uE000";

// The row with examples like no other from this place on.
function otherFrom(row: RowDraw, place: number): RowDraw {
  const other = ({ id, fields, place: where }: Seed): Seed => {
    return {
      id,
      text: unlike,
      fields: Object.fromEntries(Object.keys(fields).map((name) => [name, unlike])),
      place: where,
    };
  };
  return { ...row, examples: row.examples.map((seed, i) => (i < place ? seed : other(seed))) };
}

/** Examples that are turns of a chat, of each kind of prompt that comes up: as many as asked for, or as the label has seeds. */
export function turnsOf({ prompt, labels, method }: ResolvedSpec, pools: SeedPools): Set<number> {
  const shots = prompt.examples === "turns" ? prompt.shots : 0;
  const turns = labels.flatMap((_, label) => {
    const pool = pools[label] ?? [];
    return [examplesPerPrompt(mixOf(pool), shots), Math.min(shots, pool.length)]; // and that of the longest there can be
  });
  return new Set(method.name === "cfg-prompt" ? [...turns, 0] : turns); // a negative prompt has none
}
