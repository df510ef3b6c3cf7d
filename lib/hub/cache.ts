// The cache on disk, laid out as Hugging Face's Python tools do, so that both find what the other fetched:
//
//   models--owner--repo/blobs/HASH                  the content
//   models--owner--repo/snapshots/COMMIT/FILE       symbolic link to it
//   models--owner--repo/refs/REVISION               the commit that a branch or tag stood for when it was last asked
//   models--owner--repo/blobs/HASH.corrsynth.incomplete   a download that is not whole yet
//   .locks/models--owner--repo/HASH.corrsynth/      who is downloading it
//
// The Python tools name theirs HASH.incomplete, may fill it out of order, and hold it with a kind of lock that Node
// does not have: a file of our own is the only one that can be continued.
import { randomUUID } from "node:crypto";
import {
  copyFile,
  link,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { Digest } from "./digest.js";

/** The part of a cache that belongs to one repository. */
export class RepositoryCache {
  readonly folder: string;
  readonly #locks: string;

  /**
   * @param root  absolute path of the cache.
   * @param repository  "owner/name", checked.
   */
  constructor(root: string, repository: string) {
    const name = `models--${repository.replace("/", "--")}`;
    this.folder = join(root, name);
    this.#locks = join(root, ".locks", name);
  }

  get blobs(): string {
    return join(this.folder, "blobs");
  }

  blob({ hex }: Digest): string {
    return join(this.blobs, hex);
  }

  partial({ hex }: Digest): string {
    return join(this.blobs, `${hex}.corrsynth.incomplete`);
  }

  lockFolder({ hex }: Digest): string {
    return join(this.#locks, `${hex}.corrsynth`);
  }

  /** Where a file of a commit is, or will be. */
  pointer(commit: string, file: string): string {
    return join(this.folder, "snapshots", commit, ...file.split("/"));
  }

  /** Whether all files of a commit are there. */
  async has(commit: string, files: readonly string[]): Promise<boolean> {
    const sizes = await Promise.all(files.map((file) => fileSize(this.pointer(commit, file))));
    return sizes.every((size) => size !== undefined);
  }

  /** The commit that the revision stood for when it was last asked. */
  async readRef(revision: string): Promise<string | undefined> {
    const text = await readFile(join(this.folder, "refs", ...revision.split("/")), "utf8").catch(() => "");
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  /** Remembers what a revision stands for. */
  async writeRef(revision: string, commit: string): Promise<void> {
    if (revision === commit || (await this.readRef(revision)) === commit) return;
    const path = join(this.folder, "refs", ...revision.split("/"));
    await mkdir(dirname(path), { recursive: true });
    await replace(path, (own) => writeFile(own, commit));
  }

  /** Gives content that is there the name of a file. */
  async place(digest: Digest, commit: string, file: string): Promise<void> {
    const blob = this.blob(digest);
    const pointer = this.pointer(commit, file);
    const target = relative(dirname(pointer), blob);
    if ((await readlink(pointer).catch(() => undefined)) === target) return;
    await mkdir(dirname(pointer), { recursive: true });
    await replace(pointer, async (own) => {
      // Windows lets only some users make symbolic links, and not every file system knows hard ones.
      await symlink(target, own)
        .catch(() => link(blob, own))
        .catch(() => copyFile(blob, own));
    });
  }

  /** SHA-256 of a file of the cache by the name of its content, where that is one. */
  async statedSha256(path: string): Promise<string | undefined> {
    const name = basename(await realpath(path));
    return /^[0-9a-f]{64}$/.test(name) ? name : undefined;
  }
}

/** Whether a text is the full name of a commit. */
export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** Bytes of a file, or undefined where there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

// Made under a name of its own first: whoever looks finds the old one or the new one.
async function replace(path: string, make: (own: string) => Promise<void>): Promise<void> {
  const own = `${path}.${randomUUID()}`;
  try {
    await make(own);
    await rename(own, path);
  } finally {
    await rm(own, { force: true });
  }
}
