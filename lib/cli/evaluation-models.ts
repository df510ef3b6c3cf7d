// The models that an evaluation may use: a teacher for features, a recogniser for entities.
import { invalidField, ModelLoadError } from "../errors.js";
import {
  type Embedder,
  type EntityRecogniser,
  loadTransformerRecogniser,
  offlineRecogniser,
  teacherEmbedder,
} from "../evaluate/index.js";
import type { EmbeddingModel, VectorCache } from "../index.js";
import type { RunManifest } from "../io.js";
import type { Environment } from "./command.js";
import { EmbeddingAhead } from "./embedding-ahead.js";
import { modelSource } from "./fetch-model.js";
import type { ProgressMode } from "./paced.js";

export interface Models {
  readonly embedder: AheadEmbedder | undefined;
  /** Undefined where `embedder` serves. */
  readonly mapEmbedder: AheadEmbedder | undefined;
  readonly recogniser: EntityRecogniser | undefined;
  close(): Promise<void>;
}

/** An embedder that can embed texts before it is asked for them. */
export interface AheadEmbedder extends Embedder {
  readonly ahead: EmbeddingAhead;
}

/**
 * Loads what --embedder, --map-embedder and --ner name. By default features are those of the teacher that wrote the rows, where all
 * datasets have the same one, and entities those of the offline recogniser.
 * @param options.progress  how the download of an hf: model is shown.
 * @param cache  of vectors.
 */
export async function loadModels(
  environment: Environment,
  manifests: readonly (RunManifest | null)[],
  options: {
    readonly embedder?: string | undefined;
    readonly mapEmbedder?: string | undefined;
    readonly ner: string;
    readonly progress: ProgressMode;
  },
  cache: VectorCache | undefined,
): Promise<Models> {
  const { library } = environment;
  const source = options.embedder ?? teacherOf(manifests);
  const recogniser = await loadRecogniser(options.ner);
  const models: EmbeddingModel[] = [];
  const load = async (source: string | undefined, isGiven: boolean): Promise<AheadEmbedder | undefined> => {
    if (source === undefined || source === "none") return undefined;
    const path = await modelSource(environment, source, options.progress);
    const model = await library.loadEmbedder(path).catch((cause: Error) => {
      if (isGiven || !(cause instanceof ModelLoadError)) throw cause;
      const advice = "name a model for the features with --embedder PATH, or do without by --embedder none";
      throw new ModelLoadError(`${cause.message}: ${advice}`, { cause });
    });
    models.push(model);
    const name = source === "demo" ? "demo teacher" : undefined;
    const ahead = new EmbeddingAhead(model, cache);
    return { ...teacherEmbedder(ahead, undefined, name), ahead };
  };
  const close = async () => {
    for (const model of models) await model.close();
    await recogniser?.[Symbol.asyncDispose]?.();
  };
  try {
    const embedder = await load(source, options.embedder !== undefined);
    const isOther = options.mapEmbedder !== undefined && options.mapEmbedder !== source;
    const mapEmbedder = isOther ? await load(options.mapEmbedder, true) : undefined;
    return { embedder, mapEmbedder, recogniser, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What to know of vectors of a model that was not made to embed; nothing of one that was. */
export function decoderNote({ info }: Pick<EmbeddingModel, "info">): string[] {
  if (info.isEmbedder) return [];
  return [
    `${info.name || info.architecture} writes texts and was not made to embed: its vectors are ` +
      `${poolingNames[info.pooling]}, which say less about meaning than those of an embedding model`,
  ];
}

const poolingNames = {
  mean: "means of its tokens' states",
  cls: "states of the first token",
  last: "states of the last token",
};

function teacherOf(manifests: readonly (RunManifest | null)[]): string | undefined {
  const sources = manifests.map((manifest) => {
    const { teacher } = (manifest?.task ?? {}) as { teacher?: unknown };
    return teacher === "demo" ? "demo" : manifest?.teacher.path;
  });
  const hashes = new Set(manifests.map((manifest) => manifest?.teacher.sha256));
  if (hashes.size <= 1) return sources[0];
  const message =
    "Expected one model for the features of all datasets, their teachers differ: name one with --embedder PATH, or " +
    "do without by --embedder none";
  throw invalidField("--embedder", message);
}

async function loadRecogniser(name: string): Promise<(EntityRecogniser & Partial<AsyncDisposable>) | undefined> {
  if (name === "none") return undefined;
  return name === "offline" ? offlineRecogniser : loadTransformerRecogniser({ model: name });
}
