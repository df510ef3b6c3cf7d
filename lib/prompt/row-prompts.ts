/** Renders the prompts of rows: the task's own, and those of rows that only follow. */
import type { Prompt } from "../engine/prompt.js";
import type { PromptKind } from "../methods/coupling.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import type { ResolvedSpec } from "../task/spec.js";
import { type ChatFrame, fillChatFrame, type RenderedPart, rolesOf } from "./chat-frame.js";
import { hintOf } from "./hints.js";
import {
  type Example,
  negativeTexts,
  type PromptTexts,
  promptTexts,
  renderBlock,
  renderChatContents,
  renderRaw,
  type Values,
} from "./prompt.js";
import type { Seed } from "./seeds.js";

/** What of the model decides how its prompts are written. */
export interface PromptForms {
  /** The chat template, with a frame for each of `turnsOf`; needed for `prompt.format` "chat". */
  readonly chat?: { readonly frames: ReadonlyMap<number, ChatFrame> } | undefined;
  /** The prompt of a row that has no text: the model's token for the beginning of a text. */
  readonly blank?: Prompt | undefined;
}

/** The values of attributes, {hint}, {taboo} and {context} that a row drew. */
export type OwnValues = Readonly<Record<string, string>>;

/** The prompts of a task. */
export class RowPrompts {
  readonly #spec: ResolvedSpec;
  readonly #forms: PromptForms;
  readonly #hasHints: boolean;
  readonly #texts: Readonly<Record<PromptKind, PromptTexts>>;

  constructor(spec: ResolvedSpec, forms: PromptForms) {
    this.#spec = spec;
    this.#forms = forms;
    this.#hasHints = usesPlaceholder(spec, "hint");
    this.#texts = {
      own: promptTexts(spec.prompt),
      "without-context": promptTexts(spec.prompt, true),
      negative: negativeTexts(spec.prompt, negativeOf(spec)),
    };
  }

  /** @param label  index into the labels of the task. */
  render(kind: PromptKind, label: number, seeds: readonly Seed[], own: OwnValues): readonly RenderedPart[] {
    const texts = this.#texts[kind];
    const examples = kind === "negative" ? [] : seeds.map((seed) => this.#example(kind, label, seed));
    const values = this.#values(kind, label, own);
    const { prompt } = this.#spec;
    if (prompt.format === "raw") {
      const text = renderRaw(texts, examples, values);
      return text === "" && this.#forms.blank !== undefined ? this.#forms.blank : [{ text, special: false }];
    }
    const asTurns = prompt.examples === "turns";
    const frame = this.#forms.chat!.frames.get(asTurns ? examples.length : 0)!; // there is one for each of turnsOf
    const contents = renderChatContents(texts, examples, values, asTurns);
    return fillChatFrame(frame, contents, rolesOf(contents.length, texts.system !== undefined));
  }

  /** Bytes of an example's block, as UTF-8. */
  blockBytes(kind: PromptKind, label: number, seed: Seed): number {
    return Buffer.byteLength(renderBlock(this.#texts[kind], this.#example(kind, label, seed)));
  }

  // In an example's block, {context} and the attributes are the seed's own fields, {hint} is a word of its own, and
  // nothing is taboo.
  #example(kind: PromptKind, label: number, { text, fields }: Seed): Example {
    return { text, values: this.#values(kind, label, { ...fields, ...this.#givenTo(text) }) };
  }

  #givenTo(text: string): OwnValues {
    return this.#hasHints ? { hint: hintOf(text), taboo: "" } : { taboo: "" };
  }

  #values(kind: PromptKind, label: number, own: OwnValues): Values {
    const verbalization = this.#spec.labels[label]?.verbalization ?? "";
    const context: [string, string][] = kind === "without-context" ? [["context", ""]] : [];
    const { texts } = this.#spec.prompt.verbalized ?? {};
    const asked: [string, string][] = texts === undefined ? [] : [["texts", String(texts)]];
    return new Map([...Object.entries(own), ["label", verbalization], ...asked, ...context]);
  }
}

function negativeOf({ method }: ResolvedSpec): string {
  return method.name === "cfg-prompt" ? method.negative : "";
}
