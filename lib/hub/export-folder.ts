// The folder of an export with its card and data: the files that it must have, and may, with their sizes and hashes.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { invalidField } from "../errors.js";
import type { LocalFile } from "./dataset-repository.js";

/** Paths of data, as an export names them. */
export const ownData = /^data\/(train|validation)-\d{5}-of-\d{5}\.parquet$/;

/** What the store takes in one piece. */
const largestFile = 5e9;

/**
 * The files of a folder, by path.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for a folder that is no such export, or has anything else in it.
 */
export async function localFiles(folder: string, signal: AbortSignal | undefined): Promise<LocalFile[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw invalidField(folder, `Expected the folder of an export (${cause.message})`, { cause });
  });
  const paths = found
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(join(folder, ".").length + 1)
        .split(sep)
        .join("/"),
    )
    .sort();
  const others = paths.filter((path) => path !== "README.md" && !ownData.test(path));
  if (!paths.includes("README.md") || paths.length < 2 || others.length > 0) {
    const what = others.length > 0 ? `also ${others.slice(0, 5).join(", ")}` : paths.join(", ") || "nothing";
    throw invalidField(folder, `Expected what export writes with --format hf, README.md and data, found ${what}`);
  }
  const files: LocalFile[] = [];
  for (const path of paths) {
    const file = join(folder, path);
    const { size: bytes } = await stat(file);
    if (bytes > largestFile) throw invalidField(file, `Expected at most ${largestFile} bytes, found ${bytes}`);
    const sha256 = createHash("sha256");
    const git = createHash("sha1").update(`blob ${bytes}\0`);
    for await (const chunk of createReadStream(file)) {
      signal?.throwIfAborted();
      sha256.update(chunk as Buffer);
      git.update(chunk as Buffer);
    }
    files.push({ path, file, bytes, sha256: sha256.digest("hex"), gitSha1: git.digest("hex") });
  }
  return files;
}
