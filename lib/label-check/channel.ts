/** How probable a text is after the task's own prompt of each label: the noisy channel (Min et al. 2022). */
import type { Prompt } from "../engine/prompt.js";
import type { ScoreRequest } from "../engine/score.js";
import type { GroupFactory } from "../prompt/group.js";
import { blockPlaceholders, continuing, promptTexts } from "../prompt/prompt.js";
import type { SeedPools } from "../prompt/seeds.js";
import { givenPlaceholders } from "../task/prompt-spec.js";
import type { ResolvedSpec } from "../task/spec.js";
import { shuffledSeeds, spareRows } from "./check-seeds.js";
import {
  type CheckRow,
  type CheckTeacher,
  fitTexts,
  type LabelScorer,
  type ScoringOptions,
  scoreAll,
} from "./scorer.js";

/**
 * The prompts have one draw of examples for the whole run, so that they are decoded once; attributes and {context} are the
 * row's own. A text that is too long for the context is scored by its beginning.
 */
export class ChannelScorer implements LabelScorer {
  readonly spare: readonly (readonly CheckRow[])[];
  readonly #teacher: CheckTeacher;
  readonly #spec: ResolvedSpec;
  readonly #factory: Pick<GroupFactory, "labelPrompts">;
  readonly #examples: SeedPools;
  /** Of a row without values. */
  #plain: Promise<SizedPrompts> | undefined;

  constructor(
    teacher: CheckTeacher,
    spec: ResolvedSpec,
    { pools, factory }: { readonly pools: SeedPools; readonly factory: Pick<GroupFactory, "labelPrompts"> },
  ) {
    this.#teacher = teacher;
    this.#spec = spec;
    this.#factory = factory;
    const { shots } = spec.prompt;
    const shuffled = shuffledSeeds(spec.sampling.seed, pools);
    this.#examples = shuffled.map((pool) => pool.slice(0, shots));
    const fields = [...blockPlaceholders(promptTexts(spec.prompt))].filter((name) => !givenPlaceholders.includes(name));
    this.spare = spareRows(shuffled, shots, fields);
  }

  async requests(rows: readonly CheckRow[]): Promise<ScoreRequest[]> {
    const prompts: SizedPrompts[] = [];
    for (const { values } of rows) prompts.push(await this.#promptsOf(values));
    const texts = await fitTexts(
      this.#teacher,
      rows.map(({ text }) => text),
      Math.max(...prompts.map(({ tokens }) => tokens)),
    );
    return rows.flatMap((_, row) =>
      prompts[row]!.prompts.map((prompt) => ({ prompt, text: continuing(prompt, texts[row]!) })),
    );
  }

  async scores(rows: readonly CheckRow[], options: ScoringOptions = {}): Promise<number[][]> {
    const { labels, engine } = this.#spec;
    return scoreAll(this.#teacher, await this.requests(rows), labels.length, engine.threads, options);
  }

  async close(): Promise<void> {}

  #promptsOf(values: CheckRow["values"]): Promise<SizedPrompts> {
    if (Object.keys(values).length > 0) return this.#sized(values);
    this.#plain ??= this.#sized(values);
    return this.#plain;
  }

  async #sized(values: CheckRow["values"]): Promise<SizedPrompts> {
    const prompts = this.#factory.labelPrompts(this.#examples, values);
    const tokens = await this.#teacher.tokenize(prompts);
    return { prompts, tokens: Math.max(...tokens.map(({ length }) => length)) };
  }
}

/** The prompts of the labels, and the tokens of the longest. */
interface SizedPrompts {
  readonly prompts: readonly Prompt[];
  readonly tokens: number;
}
