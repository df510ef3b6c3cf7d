// Examples for a task from a file of labelled texts.
import { createHash } from "node:crypto";
import { invalidField } from "../errors.js";
import { readTable } from "../io.js";
import { type Preset, presetLabel } from "./presets.js";
import type { Example } from "./task-from.js";
import { grouped } from "./terminal.js";

/** Which columns are read, and how many rows are drawn. */
export interface DrawOptions {
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly perLabel: number;
  readonly seed: number;
}

/**
 * Draws up to `perLabel` texts of each label, none twice.
 * @param preset  whose label names the file's stand for; default the file's own.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `readTable`, and for a label that the preset does not know.
 */
export async function drawExamples(
  file: string,
  { textColumn, labelColumn, perLabel, seed }: DrawOptions,
  preset: Preset | undefined,
): Promise<{ readonly examples: readonly Example[]; readonly notes: readonly string[] }> {
  const { rows } = await readTable(file, { text: textColumn, label: labelColumn });
  const names = [...new Set(rows.map(({ label }) => label))];
  const byName = new Map(names.map((name) => [name, preset === undefined ? name : presetLabel(preset, name)]));
  const unknown = names.filter((name) => byName.get(name) === undefined);
  if (unknown.length > 0) {
    const some = unknown.slice(0, 10).map((name) => JSON.stringify(name));
    const message = `Expected labels of the preset (${preset!.labels.slice(0, 10).join(", ")}), received ${some.join(", ")}`;
    throw invalidField(file, `${message}: leave --preset out to have a task with these`);
  }
  const pools = new Map((preset?.labels ?? names.sort()).map((label) => [label, new Map<string, Example>()]));
  const order = (text: string) => createHash("sha256").update(`${seed}\n${text}`).digest("hex");
  for (const { text, label } of rows) {
    const name = byName.get(label)!;
    if (text.trim() !== "") pools.get(name)!.set(order(text.trim()), { label: name, text: text.trim() });
  }
  const drawn = [...pools].map(([label, pool]) => {
    const examples = [...pool].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, perLabel);
    return { label, examples: examples.map(([, example]) => example) };
  });
  const few = drawn.filter(({ examples }) => examples.length < perLabel);
  const examples = drawn.flatMap(({ examples }) => examples);
  const notes = [`${grouped(examples.length)} examples of ${drawn.length} labels from ${grouped(rows.length)} rows`];
  if (few.length > 0) {
    const some = few.slice(0, 10).map(({ label, examples }) => `${label} (${examples.length})`);
    notes.push(`Fewer than ${perLabel} of ${few.length} labels: ${some.join(", ")}${few.length > 10 ? ", …" : ""}`);
  }
  return { examples, notes };
}
