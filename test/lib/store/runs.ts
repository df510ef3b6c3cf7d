/** What the tests of run directories share: a description, groups of two labels, and what was written. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunDescription, RunManifest } from "../../../lib/io.js";
import type { WritableGroup } from "../../../lib/store/group-writer.js";

export const description: RunDescription = {
  task: { count: 6 },
  settings: {
    labels: [
      { name: "animal", verbalization: "an animal" },
      { name: "plant", verbalization: "a plant" },
    ],
    count: [3, 3],
    sampling: { topP: 0.9 },
    limits: { maxGroups: 20 },
  },
  seed: 7,
  inputs: { seeds: "5eed" },
  teacher: { path: "teacher.gguf", sha256: "00ff" },
  versions: { corrsynth: "0.0.0" },
  device: "cpu",
  started: "2026-01-01T00:00:00.000Z",
};

/** A group of these texts, as many of one label as of the other; of none, a group whose rows were refused. */
export function groupOf(group: number, texts: readonly string[]): WritableGroup {
  const accepted = texts.length / 2;
  const tally =
    accepted > 0 ? { accepted, surplus: 0, rejected: {} } : { accepted, surplus: 1, rejected: { empty: 1 } };
  return { group, instances: texts.map((text) => ({ group, text })), labels: [tally, tally] };
}

/** Groups of these numbers with a row for each label. */
export function groups(numbers: readonly number[]): WritableGroup[] {
  return numbers.map((group) => groupOf(group, [`a ${group} é😀\u2028`, `p ${group}`]));
}

export async function manifestOf(path: string): Promise<RunManifest> {
  return JSON.parse(await readFile(join(path, "manifest.json"), "utf8")) as RunManifest;
}

/** Takes the checksums out of a journal: so versions that had none left their runs, which are read as far as they can be checked. */
export async function dropChecksums(path: string): Promise<void> {
  const file = join(path, "journal.jsonl");
  await writeFile(file, (await readFile(file, "utf8")).replace(/,"(data|line)Crc32":\d+/g, ""));
}
