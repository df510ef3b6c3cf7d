// Examples for a task from a file of labelled texts.
import { nearestName } from "../checks/nearest.js";
import { invalidField } from "../errors.js";
import { drawSeeds, readTable } from "../io.js";
import { columnAdvice } from "./options.js";
import { type Preset, presetLabel } from "./presets.js";
import { drawSummary, noneDrawn, readExcluded } from "./seeds.js";
import type { Example } from "./task-from.js";

/** Which columns are read, and how many rows are drawn. */
export interface DrawOptions {
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly perLabel: number;
  readonly seed: number;
  /** Files with rows, of a test set, that no example repeats. */
  readonly exclude?: readonly string[];
}

/**
 * Draws up to `perLabel` texts of each label as `corrsynth seeds` does, without their HTML.
 * @param out  the file that they will be in, for the notes.
 * @param preset  whose label names the file's stand for; default the file's own.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG as `readTable`, for a label that the preset does not know, and
 *   where no row can be an example.
 */
export async function drawExamples(
  file: string,
  { textColumn, labelColumn, perLabel, seed, exclude }: DrawOptions,
  out: string,
  preset: Preset | undefined,
): Promise<{ readonly examples: readonly Example[]; readonly notes: readonly string[] }> {
  const table = await readTable(file, {
    ...{ text: textColumn, label: labelColumn },
    columnAdvice,
  });
  const found = [...new Set(table.rows.map(({ label }) => label))];
  const names = new Map(found.map((name) => [name, preset === undefined ? name : presetLabel(preset, name)]));
  const unknown = found.filter((name) => names.get(name) === undefined);
  if (unknown.length > 0) {
    const some = unknown.slice(0, 10).map((name) => JSON.stringify(name));
    const known = preset!.labels.slice(0, 10).join(", ");
    const advice = "leave --preset out to have a task with these";
    throw invalidField(file, `Expected labels of the preset (${known}), received ${some.join(", ")}: ${advice}`);
  }
  const rows = table.rows.map(({ text, label }) => ({ text, label: names.get(label)! }));
  const excluded = await readExcluded(exclude, textColumn);
  const told = [
    ...table.notes,
    ...excluded.notes,
    ...renamed(names),
    ...misspelt(table.rows.map(({ label }) => label)),
  ];
  const order = preset?.labels ?? table.names;
  const drawn = drawSeeds(rows, { perLabel, seed, clean: true, names: order, exclude: excluded.texts });
  if (drawn.seeds.length === 0) throw invalidField(file, noneDrawn(drawn, exclude, "an example"));
  return { examples: drawn.seeds, notes: [...told, ...drawSummary(drawn, { out, perLabel, clean: true })] };
}

// Where the preset has other names than the file: gold of the same source then needs these, too.
function renamed(names: ReadonlyMap<string, string | undefined>): string[] {
  const pairs = [...names].filter(([name, label]) => label !== name).map(([name, label]) => `"${name}" is "${label}"`);
  if (pairs.length === 0) return [];
  return [`The task has the names of the public data set: ${pairs.join(", ")}; gold needs them, too`];
}

// A label of few rows whose name is nearly that of one with ten times as many.
function misspelt(labels: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].flatMap(([name, rows]) => {
    const larger = [...counts].filter(([, others]) => others >= 10 * rows).map(([other]) => other);
    const meant = nearestName(name, larger);
    const have = rows === 1 ? "1 row has" : `${rows} rows have`;
    return meant === undefined
      ? []
      : [`${have} the label "${name}", did you mean "${meant}"? It is a label of its own`];
  });
}
