/** What turns texts into vectors: an embedding model, or any program. */
export interface TextEmbedder {
  /** One vector for each text, all of one length. */
  embed(
    texts: readonly string[],
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly Float32Array[]>;
}
