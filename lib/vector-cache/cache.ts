/** Vectors of texts that are kept on this machine, so that no text is embedded twice by the same model. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { checkInteger } from "../checks/option.js";
import { expandHome } from "../files/home.js";
import { Shelf } from "./shelf.js";

/** Where vectors are kept, and how many. */
export interface VectorCacheOptions {
  /**
   * Default what `CORRSYNTH_VECTOR_CACHE` names, else `corrsynth/vectors` below `XDG_CACHE_HOME`, else below `~/.cache`.
   * "~" is the home directory.
   */
  readonly folder?: string | undefined;
  /**
   * Bytes that the files come to, an integer from 0, default 1 GB: at more, those that were not used for the longest time are
   * deleted. What a process is writing, 64 MB at most, comes on top.
   */
  readonly maxBytes?: number | undefined;
}

/**
 * A folder of vectors, for `cache` of {@link EmbedOptions}. A vector is found again by the model's file, its pooling, how
 * many tokens of a text are read, who computed it (version, processor, devices), and the text, of which the SHA-256 is
 * written, never the text itself. Vectors do tell of the texts that they are of: only this user may read the folder.
 *
 * On a CPU a vector from the cache is that which would be computed, bit for bit. On a GPU the last bits of a vector depend
 * on which texts are embedded along with it, with the cache and without.
 *
 * Any number of processes may share it. A file that a kill has cut off, or that is damaged, costs the vectors in it, which are
 * computed anew; so do a folder that may not be written and a full disk, see {@link VectorCache.problem}.
 * @example
 * import { loadEmbedder, VectorCache } from "corrsynth";
 * const cache = new VectorCache({ folder: "vectors" });
 * await using model = await loadEmbedder("demo");
 * await model.embed(["small rodent", "tall tree"], { cache });
 * console.log(await model.isCached(["small rodent", "a bird"], { cache })); // [ true, false ]
 */
export class VectorCache {
  /** Absolute path. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly #shelves = new Map<string, Promise<Shelf>>();
  #problem: string | undefined;

  /** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a `maxBytes` out of range. */
  constructor({ folder = folderOf(process.env), maxBytes = 1e9 }: VectorCacheOptions = {}) {
    checkInteger("maxBytes", maxBytes, 0);
    this.folder = resolve(expandHome(folder));
    this.maxBytes = maxBytes;
  }

  /**
   * The cache that the environment names: undefined where `CORRSYNTH_VECTOR_CACHE` is "off". Commands use this one.
   * @example
   * import { VectorCache } from "corrsynth";
   * console.log(VectorCache.ofEnvironment({ CORRSYNTH_VECTOR_CACHE: "off" })); // undefined
   */
  static ofEnvironment(env: NodeJS.ProcessEnv = process.env): VectorCache | undefined {
    return isOff(env) ? undefined : new VectorCache({ folder: folderOf(env) });
  }

  /** Why vectors could not be kept; undefined where all were. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** @internal The vectors of one model, read in one way. @param key  all that they depend on beside the text. */
  shelf(key: string): Promise<Shelf> {
    const open = this.#shelves.get(key) ?? this.#open(key);
    this.#shelves.set(key, open);
    return open;
  }

  #open(key: string): Promise<Shelf> {
    const onProblem = (problem: string) => {
      this.#problem ??= problem;
    };
    return Shelf.open(key, { folder: this.folder, maxBytes: this.maxBytes, onProblem });
  }
}

const isOff = (env: NodeJS.ProcessEnv) => /^(off|0|no|false)$/i.test(env.CORRSYNTH_VECTOR_CACHE ?? "");

function folderOf(env: NodeJS.ProcessEnv): string {
  if (env.CORRSYNTH_VECTOR_CACHE && !isOff(env)) return env.CORRSYNTH_VECTOR_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "corrsynth", "vectors");
}
