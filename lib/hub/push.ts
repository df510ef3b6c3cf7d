/** A folder that an export wrote, put into a dataset repository of the Hugging Face Hub in one commit. */
import { readFile } from "node:fs/promises";
import { DownloadError, invalidField, UploadError } from "../errors.js";
import { DatasetRepository, type DatasetTarget, type LocalFile } from "./dataset-repository.js";
import { localFiles, ownData } from "./export-folder.js";
import type { HubConnection } from "./repository.js";
import { PassingFailure, type PullWait, type RetryPolicy } from "./retry.js";
import { hubSettings } from "./settings.js";
import { upload } from "./upload.js";
import { parseHubUri } from "./uri.js";

/** How a folder is pushed. */
export interface PushOptions {
  /** Asks the hub what there is and says what a push would do; changes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Replaces files that are in the repository already; default false. */
  readonly force?: boolean | undefined;
  /** First line of the commit's message; default "Dataset made with corrsynth". */
  readonly message?: string | undefined;
  /** Stops; the promise then rejects with the signal's reason, and nothing is committed. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a try failed and another is waited for. */
  readonly onWait?: ((wait: PullWait) => void) | undefined;
}

/** What a push did, or would do. */
export interface Pushed {
  /** Page of the dataset. */
  readonly url: string;
  /** Whether nobody else sees it. */
  readonly isPrivate: boolean;
  /** The commit, 40 hex digits; null of a dry run, and where the repository had all of it already. */
  readonly commit: string | null;
  /** Every file of the folder, and whether the repository has one of its name. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly replaces: boolean }[];
  /** Files of an earlier push that this one has not; they go. */
  readonly removed: readonly string[];
}

/** What a push takes from its surroundings. Tests bring their own. */
export interface PushSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly retry: RetryPolicy;
  /** Milliseconds of silence after which a connection counts as broken. */
  readonly idleMs: number;
}

const surroundings: PushSurroundings = {
  env: process.env,
  retry: { attempts: 6, firstWaitMs: 1000, longestWaitMs: 30_000, progressBytes: 1 << 20 },
  idleMs: 60_000,
};

/**
 * Commits a folder that `exportRun` wrote with format "hf" to a dataset repository of the Hugging Face Hub: card and data in
 * one commit, so that nobody ever sees one without the other. What was uploaded when a push fails is not uploaded again.
 * The token is that of HF_TOKEN, else what `hf auth login` stored; it is sent to the hub alone and told nowhere.
 *
 * @param folder  README.md and data/.
 * @param target  hf:owner/name, or hf:owner/name@branch. The repository must be there: whether it is public is for its owner
 *   to say.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a wrong target, no token, HF_HUB_OFFLINE, a folder that is no such
 *   export, and files in the repository that would be replaced, without `force`.
 * @throws {UploadError} CORRSYNTH_UPLOAD when the hub cannot be reached or refuses, or another commit came first.
 * @example
 * import { pushFolder } from "corrsynth/io";
 * const told = await pushFolder("export", "hf:owner/name", { dryRun: true }).catch(({ message }) => message);
 * console.log(told);
 */
export function pushFolder(folder: string, target: string, options: PushOptions = {}): Promise<Pushed> {
  return pushIn(surroundings, folder, target, options);
}

/** @internal {@link pushFolder} in surroundings of the caller's choice. */
export async function pushIn(
  around: PushSurroundings,
  folder: string,
  text: string,
  options: PushOptions,
): Promise<Pushed> {
  options.signal?.throwIfAborted();
  const target = parseDatasetUri(text);
  const { endpoint, token, offline } = await hubSettings({}, around.env);
  if (offline) throw invalidField("HF_HUB_OFFLINE", "Expected it to be unset: a push needs the hub");
  if (token === undefined) {
    const cure = `make one with the permission to write at ${endpoint}/settings/tokens`;
    throw invalidField("HF_TOKEN", `Expected an access token in the environment, received none: ${cure}`);
  }
  const files = await localFiles(folder, options.signal);
  const { retry, idleMs } = around;
  const hub = { endpoint, token, retry, idleMs, signal: options.signal, onWait: options.onWait };
  try {
    return await push(hub, target, files, options);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const reason = error.cause instanceof PassingFailure ? error.cause.message : error.message;
    const advice = "nothing was committed; the same command starts over, without what was uploaded";
    throw new UploadError(`Cannot push to hf:${target.repository}: ${reason}; ${advice}`, { cause: error });
  }
}

async function push(
  hub: HubConnection,
  target: DatasetTarget,
  files: readonly LocalFile[],
  { dryRun = false, force = false, message = "Dataset made with corrsynth" }: PushOptions,
): Promise<Pushed> {
  const repository = new DatasetRepository(hub, target);
  const head = await repository.head();
  const paths = files.map(({ path }) => path);
  const removed = head.files.filter((path) => ownData.test(path) && !paths.includes(path));
  const planned = files.map(({ path, bytes }) => ({ path, bytes, replaces: head.files.includes(path) }));
  const told = { url: repository.page, isPrivate: head.isPrivate, commit: null, files: planned, removed };
  if (dryRun) return told;
  if (await holds(repository, head.commit, files, removed)) return told;
  const inTheWay = [...planned.filter(({ replaces }) => replaces).map(({ path }) => path), ...removed];
  if (inTheWay.length > 0 && !force) {
    const names = `${inTheWay.slice(0, 5).join(", ")}${inTheWay.length > 5 ? " and more" : ""}`;
    throw invalidField(
      repository.page,
      `Expected a repository without data, but it has ${names}: --force replaces them`,
    );
  }
  const large = await upload(repository, hub, files);
  const lines = await commitLines(files, { large, removed, message, parent: head.commit });
  return { ...told, commit: await committed(repository, lines, head.commit, files, removed) };
}

function parseDatasetUri(text: string): DatasetTarget {
  const wrong = (cause?: unknown) =>
    invalidField("target", `Expected hf:owner/name or hf:owner/name@branch, received ${JSON.stringify(text)}`, {
      cause,
    });
  try {
    const { repository, revision, file } = parseHubUri(text.replace(/^(hf:(?:\/\/)?)datasets\//, "$1"));
    if (file === "") return { repository, branch: revision };
  } catch (cause) {
    throw wrong(cause);
  }
  throw wrong();
}

interface CommitParts {
  readonly large: ReadonlySet<string>;
  readonly removed: readonly string[];
  readonly message: string;
  readonly parent: string;
}

async function commitLines(
  files: readonly LocalFile[],
  { large, removed, message, parent }: CommitParts,
): Promise<object[]> {
  const lines: object[] = [{ key: "header", value: { summary: message, description: "", parentCommit: parent } }];
  for (const { path, file, bytes, sha256 } of files) {
    if (large.has(path)) lines.push({ key: "lfsFile", value: { path, algo: "sha256", oid: sha256, size: bytes } });
    else
      lines.push({
        key: "file",
        value: { path, encoding: "base64", content: (await readFile(file)).toString("base64") },
      });
  }
  return [...lines, ...removed.map((path) => ({ key: "deletedFile", value: { path } }))];
}

// Of a commit whose answer was lost it is looked whether it is there, since another would be a second one.
async function committed(
  repository: DatasetRepository,
  lines: readonly object[],
  parent: string,
  files: readonly LocalFile[],
  removed: readonly string[],
): Promise<string> {
  try {
    return await repository.commit(lines);
  } catch (error) {
    if (error instanceof UploadError) throw error;
    const head = await repository.head().catch(() => {
      const look = `look at ${repository.page}/commits before you try again`;
      throw new UploadError(`The connection broke while the commit was made: whether it was is not known, ${look}`, {
        cause: error,
      });
    });
    if (head.commit === parent) {
      throw new UploadError(
        "The connection broke before the commit was made: nothing was; the same command starts over",
        {
          cause: error,
        },
      );
    }
    if (await holds(repository, head.commit, files, removed)) return head.commit;
    const who = "the repository has another commit, which is not this one";
    throw new UploadError(
      `The connection broke while the commit was made, and ${who}: see ${repository.page}/commits`,
      {
        cause: error,
      },
    );
  }
}

// Whether a commit has these files, byte for byte, and none of those that are to go.
async function holds(
  repository: DatasetRepository,
  commit: string,
  files: readonly LocalFile[],
  removed: readonly string[],
): Promise<boolean> {
  const digests = await repository.digests(commit, [...files.map(({ path }) => path), ...removed]);
  if (removed.some((path) => digests.has(path))) return false;
  return files.every(({ path, sha256, gitSha1 }) => [sha256, gitSha1].includes(digests.get(path)?.hex ?? ""));
}
