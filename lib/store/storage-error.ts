// What is told when a run directory can no longer be written: what is safe, and what to do.
import { StorageError } from "../errors.js";

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "free some space",
  EDQUOT: "free some space",
  EACCES: "make the directory writable",
  EPERM: "make the directory writable",
  EROFS: "make the directory writable",
};

/** @param safe  what the directory has, if it is still there. */
export function storageError(
  path: string,
  cause: NodeJS.ErrnoException,
  safe: { readonly rows: number; readonly groups: number },
): StorageError {
  const kept = `the ${safe.rows} rows of its ${safe.groups} finished groups are safe if the directory is`;
  const advice = remedies[cause.code ?? ""] ?? "see to the disk";
  const message =
    `Cannot write to the run in ${path} (${cause.message}): ${kept}; ` + `${advice}, then start the same run again`;
  return new StorageError(message, { cause });
}
