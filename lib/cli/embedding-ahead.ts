// Texts are embedded before the figures that need them: all at once, each once, with a word on how long that takes.
import type { EmbeddingTeacher } from "../evaluate/index.js";
import type { EmbeddingModel, VectorCache } from "../index.js";
import type { ProgressMode } from "./paced.js";
import type { StageDisplay } from "./stage-progress.js";
import { counted, grouped, type Output, printable } from "./terminal.js";

/** Texts whose time says that of the others: some seconds of a large model on few cores. */
const trialTexts = 8;
/** Texts between two looks at the clock. */
const batch = 32;
/** Seconds from which on it is said how fewer texts are embedded. */
const long = 60;

/** Who watches. */
interface Watching {
  /** Name of the embedder. */
  readonly name: string;
  readonly mode: ProgressMode;
  readonly display: StageDisplay;
  readonly stderr: Output;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A model that has embedded texts ahead. What no cache keeps, it keeps itself. */
export class EmbeddingAhead implements EmbeddingTeacher {
  readonly info: EmbeddingModel["info"];
  readonly #model: EmbeddingModel;
  readonly #cache: VectorCache | undefined;
  readonly #kept = new Map<string, Float32Array>();

  constructor(model: EmbeddingModel, cache: VectorCache | undefined) {
    this.info = model.info;
    this.#model = model;
    this.#cache = cache;
  }

  /** As that of the model. */
  async embed(texts: readonly string[], options: Parameters<EmbeddingTeacher["embed"]>[1]): Promise<Float32Array[]> {
    const missing = texts.filter((text) => !this.#kept.has(text));
    const vectors = missing.length === 0 ? [] : await this.#model.embed(missing, { ...options, cache: this.#cache });
    const found = new Map(missing.map((text, t) => [text, vectors[t]!]));
    return texts.map((text) => this.#kept.get(text) ?? found.get(text)!);
  }

  /**
   * Embeds texts, and says before the most of it how many these are, how many of them are in the cache, and how long the
   * others take, by a trial on a few of them.
   */
  async embedAhead(texts: readonly string[], watching: Watching): Promise<void> {
    const { pooling } = this.info;
    const cache = this.#cache;
    const known = cache === undefined ? [] : await this.#model.isCached(texts, { pooling, cache });
    const missing = texts.filter((_, t) => known[t] !== true);
    const { display, signal, name, now } = watching;
    const read = async (some: readonly string[]) => {
      const vectors = await this.#model.embed(some, { pooling, signal, cache });
      const isKept = cache !== undefined && cache.problem === undefined;
      if (!isKept) for (const [t, text] of some.entries()) this.#kept.set(text, vectors[t]!);
    };
    const trial = missing.slice(0, trialTexts);
    const began = now();
    if (trial.length > 0) await read(trial);
    const seconds = ((now() - began) / 1000) * (lengthOf(missing) / Math.max(1, lengthOf(trial)) - 1);
    say({ texts: texts.length, cached: texts.length - missing.length, seconds }, watching);
    const shown = display.of(name);
    for (let first = trial.length; first < missing.length; first += batch) {
      shown.update({ stage: "embeddings", share: first / missing.length });
      await read(missing.slice(first, first + batch));
    }
    display.end();
  }
}

interface Estimate {
  readonly texts: number;
  readonly cached: number;
  /** That are left. */
  readonly seconds: number;
}

function say({ texts, cached, seconds }: Estimate, { mode, name, stderr }: Watching): void {
  if (mode === "none") return;
  if (mode === "json") {
    stderr.write(`${JSON.stringify({ embeddings: name, texts, cached, seconds: Math.round(seconds) })}\n`);
    return;
  }
  const found = cached === 0 ? "" : `, ${grouped(cached)} of them from the cache`;
  const fewer =
    seconds < long
      ? ""
      : "; --gold-rows N and --sample-size N embed fewer rows of gold, --embedder a smaller model all";
  const left = texts === cached ? "" : `: about ${durationText(seconds)}${fewer}`;
  stderr.write(`${printable(name)}: ${counted(texts, "text")} to embed${found}${left}\n`);
}

function durationText(seconds: number): string {
  if (seconds < 90) return counted(Math.max(1, Math.round(seconds)), "second");
  return counted(Math.round(seconds / 60), "minute");
}

// What a text costs grows with its tokens, and these with its characters, up to the 512 tokens that are read.
function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + Math.min(length, 2000) + 1, 0);
}
