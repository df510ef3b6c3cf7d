/** How probable the verbalization of each label is after a few labelled seeds and the text. */
import type { ScoreRequest } from "../engine/score.js";
import type { SeedPools } from "../prompt/seeds.js";
import { RandomStream } from "../random.js";
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

/** Labelled seeds in the prompt: of each label as many as make about so many in all, one at least and four at most. */
const aboutExamples = 16;
const mostOfLabel = 4;

/** The prompt ends with the text and "Label:"; a text that is too long for the context is read by its beginning. */
export class DirectScorer implements LabelScorer {
  readonly spare: readonly (readonly CheckRow[])[];
  readonly #teacher: CheckTeacher;
  readonly #spec: ResolvedSpec;
  readonly #before: string;
  /** Tokens around a text, at most. */
  readonly #around: number;

  private constructor(teacher: CheckTeacher, spec: ResolvedSpec, before: string, around: number, spare: CheckRow[][]) {
    this.#teacher = teacher;
    this.#spec = spec;
    this.#before = before;
    this.#around = around;
    this.spare = spare;
  }

  /** Takes as many of the seeds into the prompt as leave half of the context to the text. */
  static async create(
    teacher: CheckTeacher,
    spec: ResolvedSpec,
    { pools }: { readonly pools: SeedPools },
  ): Promise<DirectScorer> {
    const { labels, sampling } = spec;
    const shuffled = shuffledSeeds(sampling.seed, pools);
    const stream = new RandomStream(BigInt(sampling.seed), 0, "check", labels.length);
    const order = stream.sample(labels.length, labels.length);
    const longest = await longestLabel(teacher, spec);
    for (let rounds = Math.max(1, Math.min(mostOfLabel, Math.floor(aboutExamples / labels.length))); ; rounds--) {
      const before = promptBefore(spec, shuffled, order, rounds);
      const [tokens] = await teacher.countTokens([`${before}${asked("")}`]);
      const around = tokens! + longest;
      if (rounds > 0 && around > teacher.info.contextTrain / 2) continue;
      return new DirectScorer(teacher, spec, before, around, spareRows(shuffled, rounds));
    }
  }

  async requests(rows: readonly CheckRow[]): Promise<ScoreRequest[]> {
    const texts = await fitTexts(
      this.#teacher,
      rows.map(({ text }) => onOneLine(text)),
      this.#around,
    );
    return texts.flatMap((text) => {
      const prompt = this.#before + asked(text);
      return this.#spec.labels.map((label) => ({ prompt, text: ` ${phraseOf(label)}` }));
    });
  }

  async scores(rows: readonly CheckRow[], options: ScoringOptions = {}): Promise<number[][]> {
    const { labels, engine } = this.#spec;
    return scoreAll(this.#teacher, await this.requests(rows), labels.length, engine.threads, options);
  }

  async close(): Promise<void> {}
}

// Round by round, the labels of each in a random order that is the same for all: none stands at the end because of its
// place in the task.
function promptBefore(spec: ResolvedSpec, shuffled: SeedPools, order: readonly number[], rounds: number): string {
  const { labels } = spec;
  const blocks = [`Each text has one of these labels: ${labels.map(phraseOf).join("; ")}.`];
  for (let round = 0; round < rounds; round++) {
    for (const label of order) {
      const seed = shuffled[label]?.[round];
      if (seed !== undefined) blocks.push(`${asked(onOneLine(seed.text))} ${phraseOf(labels[label]!)}`);
    }
  }
  return `${blocks.join("\n\n")}\n\n`;
}

async function longestLabel(teacher: CheckTeacher, { labels }: ResolvedSpec): Promise<number> {
  return Math.max(...(await teacher.countTokens(labels.map((label) => ` ${phraseOf(label)}`))));
}

function phraseOf({ verbalization }: ResolvedSpec["labels"][number]): string {
  return verbalization.trim();
}

function asked(text: string): string {
  return `Text: ${text}\nLabel:`;
}

// A text with line breaks could go on in the format of the prompt.
function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
