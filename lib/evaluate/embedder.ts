// Who turns texts into vectors, for MAUVE, the heat map and the 2-D map.
import type { VectorCache } from "../vector-cache/cache.js";

/** Turns texts into vectors; bring your own, or take the teacher. */
export interface Embedder {
  /** Which model and which pooling, to print beside every figure that depends on it. */
  readonly name: string;
  /** One vector for each text, all of one length. Length 1 is not needed. */
  embed(texts: readonly string[], options: { readonly signal?: AbortSignal | undefined }): Promise<Float32Array[]>;
}

/** How the states of a text's tokens become one vector. */
export type Pooling = "mean" | "cls" | "last";

/** The part of a teacher that embedding takes. */
export interface EmbeddingTeacher {
  readonly info: { readonly name: string; readonly pooling: Pooling };
  /** One vector for each text. */
  embed(
    texts: readonly string[],
    options: { readonly pooling: Pooling; readonly signal?: AbortSignal; readonly cache?: VectorCache },
  ): Promise<Float32Array[]>;
}

const poolingNames: Readonly<Record<Pooling, string>> = {
  mean: "mean of all tokens",
  cls: "first token",
  last: "last token",
};

/**
 * A teacher, or any model that embeds, as an embedder: the states of its last layer. The last token's state is what
 * MAUVE is defined on.
 * @param pooling  default the model's own: what it was trained to be read by.
 * @param name  what to call it; default the model's own name.
 * @param cache  of vectors, where they are looked for and kept; default none.
 * @example
 * import { teacherEmbedder } from "corrsynth/evaluate";
 * const embedder = teacherEmbedder(teacher, "last");
 * const [vector] = await embedder.embed(["a red fox"], {});
 * console.log(embedder.name, vector?.length);
 */
export function teacherEmbedder(
  teacher: EmbeddingTeacher,
  pooling: Pooling = teacher.info.pooling,
  name: string = teacher.info.name,
  cache?: VectorCache,
): Embedder {
  const given = { pooling, ...(cache === undefined ? {} : { cache }) };
  return {
    name: `${name || "unnamed model"}, ${poolingNames[pooling]}`,
    embed: (texts, { signal }) => teacher.embed(texts, signal === undefined ? given : { ...given, signal }),
  };
}
