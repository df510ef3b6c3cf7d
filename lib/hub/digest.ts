// What the hub says a file's content hashes to, and how to compute that.
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";

/** A stated hash: SHA-256 of a large (LFS) file; of a small one git's, SHA-1 over "blob SIZE\0" and the content. */
export interface Digest {
  readonly kind: "sha256" | "git-sha1";
  /** 64 or 40 lower-case hex digits; also the name of the content in a cache. */
  readonly hex: string;
}

/** A hash of the kind of `digest`, to be fed with the content. */
export function startHash({ kind }: Digest, size: number): Hash {
  return kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${size}\0`);
}

/** Hex SHA-256 of a file. */
export async function fileSha256(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) {
    signal?.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}
