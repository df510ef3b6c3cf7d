// Entities by any token-classification model in ONNX form, through @huggingface/transformers, which the user installs.
import { basename, resolve } from "node:path";
import { InvalidConfigError, ModelLoadError } from "../errors.js";
import type { Entity } from "./entities.js";
import type { EntityRecogniser } from "./recognisers.js";

/** A piece of a word with its predicted label in the BIO or BIOES scheme, as the library gives it. */
export interface TokenPrediction {
  readonly entity: string;
  readonly word: string;
}

type Classifier = ((text: string, options: { ignore_labels: string[] }) => Promise<TokenPrediction[]>) & {
  dispose(): Promise<unknown>;
};

interface Library {
  pipeline(task: "token-classification", model: string, options: object): Promise<Classifier>;
}

/** Settings of {@link loadTransformerRecogniser}. */
export interface TransformerRecogniserOptions {
  /** Folder of the model on this machine: config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx. */
  readonly model: string;
  /** Which weights: "fp32" is onnx/model.onnx (the default), "q8" is onnx/model_quantized.onnx, and so on. */
  readonly dtype?: string;
}

/**
 * Loads a token-classification model from a folder. Nothing is fetched. A text longer than the model takes is read in
 * parts. Dispose of the recogniser to free the model.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when @huggingface/transformers cannot be loaded.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD when the folder does not hold such a model.
 * @example
 * import { loadTransformerRecogniser, offlineRecogniser } from "corrsynth/evaluate";
 * const own = await loadTransformerRecogniser({ model: "models/bert-base-NER" }).catch(() => undefined);
 * const recogniser = own ?? offlineRecogniser;
 * console.log((await recogniser.recognise("Ann lives in Berlin.")).map(({ text }) => text));
 */
export async function loadTransformerRecogniser(
  options: TransformerRecogniserOptions,
): Promise<EntityRecogniser & AsyncDisposable> {
  const { pipeline } = await importLibrary();
  const model = resolve(options.model); // a relative path would read like the name of a model on the Hub
  let classify: Classifier;
  try {
    const settings = { dtype: options.dtype ?? "fp32", local_files_only: true };
    classify = await pipeline("token-classification", model, settings);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelLoadError(
      `Expected the folder of a token-classification model in ONNX form (config.json, tokenizer.json, ` +
        `tokenizer_config.json, onnx/model.onnx), received "${options.model}": ${why}`,
      { cause },
    );
  }
  return {
    name: `@huggingface/transformers (${basename(model)})`,
    recognise: (text) => recogniseWhole(text, (part) => classify(part, { ignore_labels: [] })),
    [Symbol.asyncDispose]: async () => {
      await classify.dispose();
    },
  };
}

async function importLibrary(): Promise<Library> {
  const name: string = "@huggingface/transformers"; // as a variable: it is optional, types and all
  try {
    return (await import(name)) as Library;
  } catch (cause) {
    const message =
      `Expected the package ${name} for a recogniser with a model of its own, and it could not be loaded: ` +
      `run "npm install ${name}", or use the offline recogniser`;
    throw new InvalidConfigError([{ path: "recogniser", message }], { cause });
  }
}

// The library cuts what is too long for the model without a word. Where predictions stop short, go on from there, or
// from where the last entity begins, since the cut may have gone through it.
/** @internal */
export async function recogniseWhole(
  text: string,
  classify: (part: string) => Promise<readonly TokenPrediction[]>,
): Promise<Entity[]> {
  const entities: Entity[] = [];
  for (let start = 0; text.slice(start).trim() !== ""; ) {
    const part = text.slice(start);
    const { words, end } = alignWords(part, await classify(part));
    if (end === 0) break;
    const spans = joinWords(words);
    const last = spans.at(-1);
    const isCut = last !== undefined && last.start > 0 && last.end === end && part.slice(end).trim() !== "";
    if (isCut) spans.pop();
    for (const span of spans) entities.push({ type: span.type, text: part.slice(span.start, span.end) });
    start += isCut ? last.start : end;
  }
  return entities;
}

interface Span {
  readonly type: string;
  readonly start: number;
  end: number;
}

interface LabelledWord {
  readonly label: string;
  readonly start: number;
  end: number;
}

// The library says which pieces it saw, not where. They come in the order of the text, so each is looked for a little
// way on from the one before; pieces that the tokeniser changed beyond recognition are passed over. Pieces without a
// gap between them are one word and take the label of the first: models are trained on first pieces, later ones carry
// noise.
function alignWords(text: string, tokens: readonly TokenPrediction[]): { words: LabelledWord[]; end: number } {
  const { folded, origin } = fold(text);
  const words: LabelledWord[] = [];
  let from = 0;
  for (const { entity, word } of tokens) {
    const piece = fold(word.trim().replace(/^##(?=.)/u, "")).folded;
    const at = piece === "" ? -1 : folded.slice(from, from + piece.length + farthest).indexOf(piece);
    if (at < 0) continue;
    const start = origin[from + at]!;
    const end = origin[from + at + piece.length]!;
    const previous = words.at(-1);
    const isSameWord = previous?.end === start && isInWord(text, start - 1) && isInWord(text, start);
    if (previous !== undefined && isSameWord) previous.end = end;
    else words.push({ label: entity, start, end });
    from += at + piece.length;
  }
  return { words, end: origin[from]! };
}

const farthest = 64; // characters between two pieces: room for white space and an unknown word
// Scripts without spaces between words have a piece, and a label, per character.
const isInWord = (text: string, at: number): boolean =>
  /(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{N}\p{M}]/u.test(text[at] ?? "");

// Lower case without accents, as uncased tokenisers make it. `origin[i]` is where the character i of the result comes
// from.
function fold(text: string): { folded: string; origin: number[] } {
  let folded = "";
  const origin: number[] = [];
  let position = 0;
  for (const character of text) {
    const plain = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    for (let i = 0; i < plain.length; i++) origin.push(position);
    folded += plain;
    position += character.length;
  }
  origin.push(position);
  return { folded, origin };
}

// Words into entities: B and S begin one, I and E go on with one of the same type, E and S end it. A label without such
// a prefix goes on, too.
function joinWords(words: readonly LabelledWord[]): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const { label, start, end } of words) {
    const [, prefix = "I", type = label] = /^([BIES])-(.+)$/u.exec(label) ?? [];
    if (label === "O") {
      open = undefined;
      continue;
    }
    if (open?.type === type && (prefix === "I" || prefix === "E")) open.end = end;
    else {
      open = { type, start, end };
      spans.push(open);
    }
    if (prefix === "E" || prefix === "S") open = undefined;
  }
  return spans;
}
