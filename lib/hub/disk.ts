// Whether a disk has room, asked before a download of hours.
import { DownloadError } from "../errors.js";

/** The part of Node's `fs.statfs` that counts: blocks that a user may take, and bytes of one. */
export type StatFs = (path: string) => Promise<{ bavail: number; bsize: number; blocks: number }>;

/**
 * @param folder  exists, on the disk in question.
 * @param needed  bytes.
 * @throws {DownloadError} CORRSYNTH_DOWNLOAD when fewer are free.
 */
export async function checkRoom(folder: string, needed: number, statfs: StatFs): Promise<void> {
  const found = await statfs(folder).catch(() => undefined);
  if (found === undefined || found.blocks === 0) return; // some network file systems do not tell
  const free = found.bavail * found.bsize;
  if (free >= needed) return;
  const print = (bytes: number) => bytes.toLocaleString("en-US");
  throw new DownloadError(
    `Expected ${print(needed)} bytes of free disk space for "${folder}", found ${print(free)}: make room, or name a ` +
      "folder on another disk with HF_HUB_CACHE",
  );
}
