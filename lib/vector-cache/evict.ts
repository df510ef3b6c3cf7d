// Keeps the cache in its bounds: what was not used for the longest time goes. Nothing but files of the cache is touched,
// whatever else its folder holds.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file of the cache. */
export interface VectorFile {
  readonly path: string;
  readonly size: number;
  /** When it was last written or read from. */
  readonly usedMs: number;
}

const shelfName = /^[0-9a-f]{32}$/;
const fileName = /^[0-9a-f]{8}-[0-9a-f-]{27}\.vectors$/;

/** Files of one shelf; none where there is no such folder. */
export async function vectorFiles(shelf: string): Promise<VectorFile[]> {
  const names = (await readdir(shelf).catch(() => [])).filter((name) => fileName.test(name)).sort();
  const files = names.map(async (name) => {
    const path = join(shelf, name);
    const found = await stat(path).catch(() => undefined); // another process may have evicted it
    return found?.isFile() ? [{ path, size: found.size, usedMs: found.mtimeMs }] : [];
  });
  return (await Promise.all(files)).flat();
}

/**
 * Deletes the files that were not used for the longest time until the others come to `maxBytes` at most.
 * @param folder  of the cache.
 * @param own  stays.
 */
export async function evict(folder: string, maxBytes: number, own: string): Promise<void> {
  const shelves = (await readdir(folder)).filter((name) => shelfName.test(name)).map((name) => join(folder, name));
  const files = (await Promise.all(shelves.map(vectorFiles))).flat().sort((a, b) => a.usedMs - b.usedMs);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (bytes <= maxBytes) break;
    if (path === own) continue;
    await rm(path, { force: true }).catch(() => undefined); // one that stays counts again next time
    bytes -= size;
  }
}
