/** The files of a loaded model, which is read from them while it runs: llama.cpp maps them into memory. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { ModelLoadError } from "../errors.js";
import { fileIdentity } from "../files/file-identity.js";
import { partsOf } from "../hub/split.js";

/** What tells whether a file is still the one that was loaded. */
interface Seen {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

export class MappedFiles {
  /** Absolute path of the first. */
  readonly path: string;
  /** By path. */
  readonly #seen: Map<string, Seen>;
  /** Hex SHA-256 of the first, once it was asked for. */
  #sha256: string | undefined;
  #identity: string | undefined;
  /** Whether they are read while the model runs, or were once. */
  readonly #isMapped: boolean;

  private constructor(path: string, seen: Map<string, Seen>, isMapped: boolean) {
    this.path = path;
    this.#seen = seen;
    this.#isMapped = isMapped;
  }

  /** Looks at the files of a model. Call it before they are loaded. @throws Node's own error when one is not there. */
  static async of(path: string, isMapped = true): Promise<MappedFiles> {
    const parts = /-00001-of-\d{5}\.gguf$/.test(path) ? partsOf(path) : [path];
    const seen = new Map<string, Seen>();
    for (const part of parts) seen.set(part, await stat(part));
    return new MappedFiles(path, seen, isMapped);
  }

  /** Hex SHA-256 of the first file, read anew. @throws {ModelLoadError} as {@link check}. */
  async sha256(): Promise<string> {
    const sha256 = await hashOf(this.path);
    await this.check();
    this.#sha256 = sha256;
    return sha256;
  }

  /** Which files they are, without reading all of them, see {@link fileIdentity}. @throws {ModelLoadError} as {@link check}. */
  async identity(): Promise<string> {
    this.#identity ??= (await Promise.all([...this.#seen.keys()].map(fileIdentity))).join(" ");
    await this.check();
    return this.#identity;
  }

  /** As {@link check} while the model reads them; nothing once it has read them. */
  async checkWhileRead(): Promise<void> {
    if (this.#isMapped) await this.check();
  }

  /**
   * Makes sure that the files are those that were loaded: same place, size and time. One that was only touched is known
   * by its hash, where that was asked for before.
   * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD, with what changed: what the model writes since then is of neither.
   */
  async check(): Promise<void> {
    for (const [path, before] of this.#seen) {
      const now = await stat(path).catch((error: NodeJS.ErrnoException) => error);
      if (!(now instanceof Error) && isSame(before, now)) continue;
      const isTouched = !(now instanceof Error) && path === this.path && now.size === before.size;
      if (isTouched && this.#sha256 !== undefined && (await hashOf(path)) === this.#sha256) {
        this.#seen.set(path, now);
        continue;
      }
      throw new ModelLoadError(
        `Expected the model "${path}" as it was loaded, ${shown(before)}, received ` +
          `${now instanceof Error ? `none (${now.message})` : `another, ${shown(now)}`}: it is read while it runs, so that ` +
          "what it writes from now on could be of neither. What was made before stays; load the model again",
      );
    }
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

const isSame = (a: Seen, b: Seen) => a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;

const shown = ({ size, mtimeMs, ino }: Seen) =>
  `${size} bytes of ${new Date(mtimeMs).toISOString()} (file number ${ino})`;
