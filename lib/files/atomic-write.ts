// Files that are replaced at once: whoever opens one, or comes back after a power cut, finds the old one or the new
// one.
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file under another name beside it, and gives it its own when all of it is on the disk. What was there stays
 * when anything fails.
 * @throws Node's own error when it cannot be written.
 * @example
 * await replaceFile("figures.json", `${JSON.stringify({ rows: 200 })}\n`);
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Has the names in a directory on the disk, where the system can do that: a file is safe only when its name is. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  await directory?.sync().catch(() => {});
  await directory?.close();
}
