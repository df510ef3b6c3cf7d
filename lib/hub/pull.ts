/** Models of the Hugging Face Hub, fetched once into the cache that Hugging Face's own tools share. */
import { mkdir, rename, statfs } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { CorrSynthError, DownloadError, HeldError, ModelLoadError } from "../errors.js";
import { Lock } from "../files/lock.js";
import { fileSize, isCommit, RepositoryCache } from "./cache.js";
import { fileSha256 } from "./digest.js";
import { checkRoom, type StatFs } from "./disk.js";
import { ProgressMeter, type PullProgress } from "./progress.js";
import { type HubConnection, type RemoteFile, remoteFiles, resolveSnapshot } from "./repository.js";
import type { PullWait, RetryPolicy } from "./retry.js";
import { type HubSettings, hubSettings } from "./settings.js";
import { partsOf } from "./split.js";
import { type OnBytes, transfer, unwritable } from "./transfer.js";
import { formatHubUri, type HubUri, parseHubUri } from "./uri.js";

/** How a model is fetched. */
export interface PullOptions {
  /** Stops; the promise then rejects with the signal's reason. What arrived stays, and the next call goes on there. */
  readonly signal?: AbortSignal | undefined;
  /** Called for every piece that arrives. Not called where everything is there already. */
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** Called when a try failed and another is waited for: at most six in a row, two where the hub's name is not found. */
  readonly onWait?: ((wait: PullWait) => void) | undefined;
  /** Folder of the cache; default HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub. */
  readonly cache?: string | undefined;
}

/** A model on this machine. */
export interface PulledModel {
  /** Absolute path of the file, of a split model its first one, with the others beside it. */
  readonly path: string;
  /** Hex SHA-256 of that file: checked against the hub's when it arrived. */
  readonly sha256: string;
  /** Size of all its files together. */
  readonly bytes: number;
  /** Everything was there before. */
  readonly cached: boolean;
  /** The commit of the repository that it is from: 40 hex digits. */
  readonly commit: string;
}

/** What a pull takes from its surroundings. Tests bring their own. */
export interface PullSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly retry: RetryPolicy;
  /** Milliseconds of silence after which a connection counts as broken. */
  readonly idleMs: number;
  /** Milliseconds between two looks at a download of another process. */
  readonly pollMs: number;
  readonly statfs: StatFs;
}

const surroundings: PullSurroundings = {
  env: process.env,
  retry: { attempts: 6, firstWaitMs: 1000, longestWaitMs: 30_000, progressBytes: 1 << 20 },
  idleMs: 30_000,
  pollMs: 500,
  statfs,
};

/**
 * Fetches a model of the Hugging Face Hub, unless it is in the cache. A broken download is continued, also by a later
 * call; a file gets its name when its content has the hash that the hub states. Of a split model
 * (`…-00001-of-00003.gguf`) the first part brings the others. A branch is looked up at each call; a commit that is in
 * the cache needs no network, and neither does anything in it with HF_HUB_OFFLINE=1 or when the hub cannot be reached.
 *
 * @param uri `hf:owner/repo/file.gguf` or `hf:owner/repo@revision/file.gguf` with a branch, a tag or a commit; or the
 *   address of the file's page, `https://huggingface.co/owner/repo/blob/main/file.gguf`.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD for a wrong URI, a file that is not there (with those that are), a
 *   repository that may not be read (with what to do), and offline for what is not in the cache.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD without a connection, for wrong content, and without room on the disk.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when HF_ENDPOINT or HF_TOKEN is malformed, the file of the
 *   token or a lock in the cache cannot be read.
 * @example
 * import { pull } from "corrsynth";
 * const model = await pull("hf:owner/repo/file.gguf").catch(({ message }) => ({ path: `none: ${message}` }));
 * console.log(model.path);
 */
export function pull(uri: string, options: PullOptions = {}): Promise<PulledModel> {
  return pullIn(surroundings, uri, options);
}

/** @internal {@link pull} in surroundings of the caller's choice. */
export async function pullIn(around: PullSurroundings, text: string, options: PullOptions): Promise<PulledModel> {
  options.signal?.throwIfAborted();
  const uri = parseHubUri(text);
  const settings = await hubSettings(options, around.env);
  return new Pull(uri, settings, options, around).run();
}

class Pull {
  readonly #uri: HubUri;
  readonly #settings: HubSettings;
  readonly #options: PullOptions;
  readonly #around: PullSurroundings;
  readonly #cache: RepositoryCache;
  readonly #hub: HubConnection;
  /** Paths of the model's files in the repository. */
  readonly #parts: readonly string[];

  constructor(uri: HubUri, settings: HubSettings, options: PullOptions, around: PullSurroundings) {
    this.#uri = uri;
    this.#settings = settings;
    this.#options = options;
    this.#around = around;
    this.#cache = new RepositoryCache(settings.cache, uri.repository);
    this.#parts = partsOf(uri.file);
    const { endpoint, token } = settings;
    this.#hub = {
      endpoint,
      token,
      signal: options.signal,
      retry: around.retry,
      idleMs: around.idleMs,
      onWait: options.onWait,
    };
  }

  async run(): Promise<PulledModel> {
    const known = await this.#knownCommit();
    if (known !== undefined && (this.#settings.offline || isCommit(this.#uri.revision)))
      return this.#result(known, true);
    if (this.#settings.offline) throw this.#absent();
    const commit = await this.#askCommit(known);
    const isCached = await this.#cache.has(commit, this.#parts);
    if (!isCached) await this.#fetch(commit);
    await this.#cache.writeRef(this.#uri.revision, commit).catch((error) => {
      if (!isCached) unwritable(error, this.#cache.folder); // a cache that may only be read is good enough to read
    });
    return this.#result(commit, isCached);
  }

  // The commit of which everything is in the cache, as far as that can be known without the hub.
  async #knownCommit(): Promise<string | undefined> {
    const { revision, file } = this.#uri;
    const commit = isCommit(revision) ? revision : await this.#cache.readRef(revision);
    if (commit === undefined || file === "") return undefined;
    return (await this.#cache.has(commit, this.#parts)) ? commit : undefined;
  }

  // With a copy at hand, one try is enough, and what the hub said last stands in for its answer.
  async #askCommit(known: string | undefined): Promise<string> {
    const attempts = known === undefined ? this.#hub.retry.attempts : 1;
    try {
      const hub = { ...this.#hub, retry: { ...this.#hub.retry, attempts } };
      const { commit, files } = await resolveSnapshot(hub, this.#uri);
      this.#checkPresent(files);
      return commit;
    } catch (error) {
      if (known !== undefined && error instanceof DownloadError) return known;
      throw error;
    }
  }

  #checkPresent(files: readonly string[]): void {
    const { file, repository, revision } = this.#uri;
    const present = new Set(files);
    const missing = file === "" ? "" : this.#parts.find((part) => !present.has(part));
    if (missing === undefined) return;
    const models = files.filter((name) => name.endsWith(".gguf"));
    const some = models.slice(0, 50).map((name) => `\n  ${formatHubUri({ ...this.#uri, file: name })}`);
    const more = models.length > some.length ? `\n  and ${models.length - some.length} more` : "";
    const what = missing === "" ? "Expected a file of" : `There is no "${missing}" in`;
    const has = models.length === 0 ? "has no .gguf file at all" : `has${some.join("")}${more}`;
    throw new ModelLoadError(`${what} "${repository}" at revision "${revision}", which ${has}`);
  }

  async #fetch(commit: string): Promise<void> {
    const present = await Promise.all(this.#parts.map((part) => this.#cache.has(commit, [part])));
    const missing = this.#parts.filter((_, i) => !present[i]);
    const files = await remoteFiles(this.#hub, this.#uri, commit, missing);
    await mkdir(this.#cache.blobs, { recursive: true }).catch((error) => unwritable(error, this.#cache.blobs));
    const needed = await Promise.all(files.map((file) => this.#bytesToCome(file)));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    await checkRoom(this.#cache.blobs, sum(needed), this.#around.statfs);
    const meter = new ProgressMeter(sum(files.map(({ size }) => size)), this.#options.onProgress);
    for (const file of files) {
      await this.#fetchFile(commit, file, meter.begin(file.path));
      meter.end(file.size);
    }
  }

  async #bytesToCome({ digest, size }: RemoteFile): Promise<number> {
    if ((await fileSize(this.#cache.blob(digest))) === size) return 0;
    return Math.max(0, size - ((await fileSize(this.#cache.partial(digest))) ?? 0));
  }

  // One process at a time downloads a file; the others wait, and find it there.
  async #fetchFile(commit: string, file: RemoteFile, onBytes: ReturnType<ProgressMeter["begin"]>): Promise<void> {
    const { digest, size, path } = file;
    const isThere = async () => (await fileSize(this.#cache.blob(digest))) === size;
    try {
      while (!(await isThere())) {
        const lock = await this.#lock(file);
        if (lock === undefined) {
          onBytes("wait", (await fileSize(this.#cache.partial(digest))) ?? 0);
          const { signal } = this.#options;
          await sleep(this.#around.pollMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
          continue;
        }
        try {
          if (!(await isThere())) await this.#download(commit, file, lock, onBytes);
        } finally {
          await lock.release();
        }
      }
      await this.#cache.place(digest, commit, path);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      const isOfDisk = !(error instanceof CorrSynthError) && (error as NodeJS.ErrnoException).syscall !== undefined;
      if (!isOfDisk) throw error; // one of the caller's listener, too
      unwritable(error as NodeJS.ErrnoException, this.#cache.folder);
    }
  }

  async #download(commit: string, file: RemoteFile, lock: Lock, onBytes: OnBytes): Promise<void> {
    const partial = this.#cache.partial(file.digest);
    await transfer(this.#hub, { uri: this.#uri, commit, file }, partial, onBytes);
    await lock.check();
    await rename(partial, this.#cache.blob(file.digest));
  }

  // Undefined while another process has it.
  async #lock({ digest }: RemoteFile): Promise<Lock | undefined> {
    const folder = this.#cache.lockFolder(digest);
    await mkdir(folder, { recursive: true });
    try {
      return await Lock.acquire(folder);
    } catch (error) {
      if (error instanceof HeldError) return undefined;
      throw error;
    }
  }

  async #result(commit: string, cached: boolean): Promise<PulledModel> {
    const paths = this.#parts.map((part) => this.#cache.pointer(commit, part));
    const sizes = await Promise.all(paths.map(fileSize));
    const path = paths[0]!;
    const sha256 = (await this.#cache.statedSha256(path)) ?? (await fileSha256(path, this.#options.signal));
    return { path, sha256, bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0), cached, commit };
  }

  #absent(): ModelLoadError {
    return new ModelLoadError(
      `Expected "${formatHubUri(this.#uri)}" in the cache "${this.#settings.cache}", since HF_HUB_OFFLINE forbids to ` +
        "fetch it, and it is not there: unset HF_HUB_OFFLINE, or copy a cache that has it",
    );
  }
}
